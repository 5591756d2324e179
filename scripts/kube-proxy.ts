/**
 * Builds a kube-proxy into the user's cache, where `tablefull` looks for it: the default version, or the
 * named one (`npm run kube-proxy -- 1.32.2`). Needs Go, and gets the sources as Go modules, as Go is
 * configured. Takes seconds with warm caches, minutes without.
 */
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { KUBE_PROXY_VERSION, findKubeProxy, kubeProxyFolder } from '../src/toolchain/kube-proxy.ts';
import { type Go, buildPrograms, goEnv, writeModule } from '../tools/go-module.ts';

const PACKAGE = 'k8s.io/kubernetes/cmd/kube-proxy';
const [VERSION = KUBE_PROXY_VERSION] = process.argv.slice(2);
const MODULE = { path: 'k8s.io/kubernetes', version: VERSION, programs: [PACKAGE] };
const folder = kubeProxyFolder(process.env, VERSION);
const program = join(folder, 'kube-proxy');

const go: Go = async (...args) => {
  const { stdout } = await execa('go', args, { cwd: folder, env: goEnv(process.env), stderr: 'inherit' });
  return stdout;
};

/** For a person; the command prints no data. */
function say(line: string): void {
  process.stderr.write(`kube-proxy: ${line}\n`);
}

async function build(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await go('version');
  say(`getting ${MODULE.path}@v${VERSION} and its dependencies`);
  await writeModule(go, folder, MODULE);
  say('building it; the first time takes minutes');
  const variables = { 'k8s.io/component-base/version.gitVersion': `v${VERSION}` };
  await buildPrograms(go, `${program}.new`, [PACKAGE], { variables });
  // A concurrent reader finds no file, or a whole one.
  renameSync(`${program}.new`, program);
}

try {
  const found = findKubeProxy({ ...process.env, TABLEFULL_KUBE_PROXY: program });
  if (found === undefined) await build();
  const { stdout } = await execa(program, ['--version']);
  say(`${stdout} is at ${program}`);
} catch (error) {
  const { code, shortMessage } = error as { code?: string; shortMessage?: string };
  say(
    code === 'ENOENT'
      ? 'building it needs Go: install it (https://go.dev/dl), then run `make kube-proxy` again'
      : (shortMessage ?? String(error)),
  );
  process.exitCode = 2;
}

/**
 * Builds the kube-proxy of one Kubernetes version into the user's cache, where `tablefull` looks for it: its own, or the
 * one that is named (`npm run kube-proxy -- 1.32.2`). It needs Go, and gets the sources as Go modules from wherever Go is set up to get them. Seconds when warm, minutes when not.
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

/** The line for a person; data there is none. */
function say(line: string): void {
  process.stderr.write(`kube-proxy: ${line}\n`);
}

async function build(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await go('version');
  say(`getting ${MODULE.path}@v${VERSION} and what it needs`);
  await writeModule(go, folder, MODULE);
  say('building it, which takes minutes the first time');
  const variables = { 'k8s.io/component-base/version.gitVersion': `v${VERSION}` };
  await buildPrograms(go, `${program}.new`, [PACKAGE], { variables });
  // Whoever looks for it meanwhile finds none, or a whole one.
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
      ? 'building it needs Go: install it (https://go.dev/dl), then `make kube-proxy` again'
      : (shortMessage ?? String(error)),
  );
  process.exitCode = 2;
}

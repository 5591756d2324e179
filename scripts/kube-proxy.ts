/**
 * Builds the kube-proxy of one Kubernetes version into the user's cache, where `tablefull` looks for it. It needs Go,
 * and gets the sources as Go modules from wherever Go is set up to get them. Seconds when warm, minutes when not.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { KUBE_PROXY_VERSION as VERSION, findKubeProxy, kubeProxyFolder } from '../src/run/kube-proxy.ts';

const MODULE = `k8s.io/kubernetes@v${VERSION}`;
const PACKAGE = 'k8s.io/kubernetes/cmd/kube-proxy';
const folder = kubeProxyFolder(process.env);
const program = join(folder, 'kube-proxy');

const env = { PATH: `${process.env.PATH ?? ''}:/usr/local/go/bin`, CGO_ENABLED: '0' };
const go = (...args: readonly string[]) => execa('go', args, { cwd: folder, env, stderr: 'inherit' });

/** The line for a person; data there is none. */
function say(line: string): void {
  process.stderr.write(`kube-proxy: ${line}\n`);
}

/**
 * A module of our own that needs Kubernetes alone. Kubernetes' go.mod has its own libraries beside it, in staging/;
 * each is published as v0.MINOR.PATCH too, and those are taken in their place.
 */
function goMod(kubernetes: string): string {
  const lines = kubernetes.split('\n');
  const staging = lines.flatMap((line) => /^\s+(k8s\.io\/[a-z-]+) => \.\/staging/.exec(line)?.[1] ?? []);
  const published = VERSION.replace(/^1\./, 'v0.');
  return [
    'module tablefull/kube-proxy',
    ...lines.filter((line) => /^(go|godebug) /.test(line)),
    `tool ${PACKAGE}`,
    `require k8s.io/kubernetes v${VERSION}`,
    'replace (',
    ...staging.map((name) => `\t${name} => ${name} ${published}`),
    ')',
    '',
  ].join('\n');
}

async function build(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await go('version');
  say(`getting ${MODULE} and what it needs`);
  const { stdout } = await go('mod', 'download', '-json', MODULE);
  const { GoMod } = JSON.parse(stdout) as { GoMod: string };
  writeFileSync(join(folder, 'go.mod'), goMod(readFileSync(GoMod, 'utf8')));
  await go('mod', 'tidy');
  say('building it, which takes minutes the first time');
  const version = `-X k8s.io/component-base/version.gitVersion=v${VERSION}`;
  await go('build', '-trimpath', '-ldflags', `-s -w ${version}`, '-o', `${program}.new`, PACKAGE);
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

import { join } from 'node:path';
import { cacheFolder, findProgram, isExecutable } from './programs.ts';

/** The version that `make kube-proxy` builds. */
export const KUBE_PROXY_VERSION = '1.34.4';

/** Versions between which the rule of `kube-proxy-versions` changes; `npm run kube-proxy -- VERSION` builds one. */
export const KUBE_PROXY_VERSIONS = [KUBE_PROXY_VERSION, '1.32.2', '1.36.4', '1.37.2'] as const;

type Env = Readonly<NodeJS.ProcessEnv>;

/** The build folder of `make kube-proxy`. */
export function kubeProxyFolder(env: Env, version: string = KUBE_PROXY_VERSION): string {
  return join(cacheFolder(env), `kube-proxy-${version}`);
}

/** The kube-proxy built by `npm run kube-proxy -- VERSION`. @throws Error with the fix, where it is missing */
export function builtKubeProxy(env: Env, version: string): string {
  const program = join(kubeProxyFolder(env, version), 'kube-proxy');
  if (isExecutable(program)) return program;
  throw new Error(
    `there is no kube-proxy ${version} at ${program}: build it with \`npm run kube-proxy -- ${version}\``,
  );
}

/** The paths of the built ones of KUBE_PROXY_VERSIONS, by version. */
export function builtKubeProxies(env: Env): Readonly<Record<string, string>> {
  const paths = KUBE_PROXY_VERSIONS.map(
    (version) => [version, join(kubeProxyFolder(env, version), 'kube-proxy')] as const,
  );
  return Object.fromEntries(paths.filter(([, path]) => isExecutable(path)));
}

/** The path of kube-proxy: TABLEFULL_KUBE_PROXY, or on PATH, or built by `make kube-proxy`. */
export function findKubeProxy(env: Env): string | undefined {
  const { TABLEFULL_KUBE_PROXY: named, PATH = '' } = env;
  if (named !== undefined) return isExecutable(named) ? named : undefined;
  return findProgram('kube-proxy', `${PATH}:${kubeProxyFolder(env)}`);
}

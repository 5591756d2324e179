import { release } from 'node:os';
import { findK6 } from '../../toolchain/k6.ts';
import { kernelVersion } from '../../util/kernel-version.ts';
import { builtKubeProxies, findKubeProxy } from '../../toolchain/kube-proxy.ts';
import { findProgram } from '../../toolchain/programs.ts';
import type { Environment } from '../../scenario/environment.ts';
import type { Squeeze } from '../../change/squeezes.ts';
import type { VerbContext } from '../verb-context.ts';

/** Both cases of an environment: the lab decides later who may change what. */
export function bothPrivileges(environment: Environment): readonly Environment[] {
  return [true, false].map((privileged) => ({ ...environment, privileged }));
}

/** What scenarios may depend on, on this machine. */
export function environmentOf(
  squeeze: Squeeze,
  { mayChangeLimit, env }: Pick<VerbContext, 'mayChangeLimit' | 'env'>,
  realKubeProxy = false,
): Environment {
  const kubeProxy = findKubeProxy(env);
  const nginx = findProgram('nginx', env.PATH);
  return {
    kernel: kernelVersion(release()),
    squeeze,
    privileged: mayChangeLimit(),
    realKubeProxy,
    ...(kubeProxy !== undefined && { kubeProxy }),
    kubeProxies: builtKubeProxies(env),
    ...(nginx !== undefined && { nginx }),
    k6: (extensions) => findK6(env, extensions),
  };
}

import { release } from 'node:os';
import { findK6 } from '../run/k6.ts';
import { kernelVersion } from '../run/kernel-version.ts';
import { findKubeProxy } from '../run/kube-proxy.ts';
import { findProgram } from '../run/programs.ts';
import type { Environment } from '../scenario/define.ts';
import type { Squeeze } from '../scenario/squeeze.ts';
import type { World } from './world.ts';

/** What a scenario's expectations may depend on, on this machine. */
export function environmentOf(
  squeeze: Squeeze,
  { mayChangeLimit, env }: Pick<World, 'mayChangeLimit' | 'env'>,
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
    ...(nginx !== undefined && { nginx }),
    k6: (extensions) => findK6(env, extensions),
  };
}

import type { Squeeze } from '../change/squeezes.ts';

/** What a scenario may make its expectations depend on. */
export interface Environment {
  /** `[6, 18]` of 6.18.44. */
  readonly kernel: readonly [major: number, minor: number];
  readonly squeeze: Squeeze;
  /** May this run change what is global (`nf_conntrack_max`)? */
  readonly privileged: boolean;
  /** Does kube-proxy itself program the nodes, with whatever cures it brings along? */
  readonly realKubeProxy?: boolean;
  /** Where this machine has kube-proxy; absent where it has none. */
  readonly kubeProxy?: string;
  /** Where this machine has nginx; absent where it has none. */
  readonly nginx?: string;
  /** Where this machine has a k6 with these extensions, each with its Go module or folder; absent, or undefined: nowhere. */
  readonly k6?: (extensions: Readonly<Record<string, string>>) => string | undefined;
}

/** Is this kernel at least major.minor? */
export function kernelAtLeast(environment: Environment, major: number, minor: number): boolean {
  const [m, n] = environment.kernel;
  return m > major || (m === major && n >= minor);
}

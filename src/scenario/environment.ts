import type { Squeeze } from '../change/squeezes.ts';

/** What a scenario's expectations may depend on. */
export interface Environment {
  /** `[6, 18]` of 6.18.44. */
  readonly kernel: readonly [major: number, minor: number];
  readonly squeeze: Squeeze;
  /** Whether the run may change machine-wide settings (`nf_conntrack_max`). */
  readonly privileged: boolean;
  /** Whether the real kube-proxy programs the nodes, with its own fixes. */
  readonly realKubeProxy?: boolean;
  /** The path of kube-proxy; absent: not installed. */
  readonly kubeProxy?: string;
  /** The paths of other kube-proxies that were built, by version. */
  readonly kubeProxies?: Readonly<Record<string, string>>;
  /** The path of nginx; absent: not installed. */
  readonly nginx?: string;
  /** Finds a k6 with these extensions (name to Go module or folder). Absent or undefined: not installed. */
  readonly k6?: (extensions: Readonly<Record<string, string>>) => string | undefined;
}

/** Whether the kernel is at least major.minor. */
export function kernelAtLeast(environment: Environment, major: number, minor: number): boolean {
  const [m, n] = environment.kernel;
  return m > major || (m === major && n >= minor);
}

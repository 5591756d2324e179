import type { Protocol } from '../schema/protocol.ts';
import { snatOf, timesThePods } from './sources.ts';

/** Where a remedy would be tried. */
export interface Setting {
  readonly protocol: Protocol;
  readonly privileged: boolean;
  /** Whether this kernel has a file. */
  readonly exists: (path: string) => boolean;
}

/** A precondition of a remedy; if it fails, the remedy is skipped with this as the reason. */
export interface Requirement {
  /** In `tablefull list --json`. */
  readonly name: string;
  /** In words, to follow "needs". */
  readonly words: string;
  /** Why it is not met; undefined where it is. */
  readonly whyNot: (setting: Setting) => string | undefined;
}

export const ROOT: Requirement = {
  name: 'root',
  words: 'root',
  whyNot: ({ privileged }) => (privileged ? undefined : 'needs root: the setting is machine-wide'),
};

export const CALLS: Requirement = {
  name: 'calls',
  words: 'applications that call others',
  whyNot: ({ protocol }) =>
    Object.values(protocol.topology.services).some(({ calls }) => calls.length > 0)
      ? undefined
      : 'applies to applications that call others; none does here',
};

export const SNAT: Requirement = {
  name: 'snat',
  words: 'a node that masquerades',
  whyNot: ({ protocol }) =>
    snatOf(protocol) ? undefined : 'applies where a node masquerades; none does here',
};

export const SOURCES: Requirement = {
  name: 'sources',
  words: 'spare pods, or a node that masquerades',
  whyNot: ({ protocol }) =>
    snatOf(protocol) || timesThePods(protocol) > 1
      ? undefined
      : 'needs spare pods or a node that masquerades; there is neither',
};

export const IPVS: Requirement = {
  name: 'ipvs',
  words: 'a kernel with IPVS loaded',
  whyNot: ({ exists }) =>
    exists('/proc/net/ip_vs')
      ? undefined
      : 'needs IPVS, which this kernel has not loaded: `modprobe ip_vs` loads the module if it has one',
};

export const NGINX: Requirement = {
  name: 'nginx',
  words: 'an nginx in the topology',
  whyNot: ({ protocol }) =>
    Object.values(protocol.topology.services).some(({ app }) => app === 'nginx')
      ? undefined
      : 'applies to nginx; the topology has none',
};

/** For a lasting demand. */
export const LIFETIME: Requirement = {
  name: 'lifetime',
  words: 'a scenario with `lifetime`: how long an entry of its demand stays',
  whyNot: ({ protocol: { burst, lifetime } }) => {
    if (burst) return 'applies to a lasting demand; this scenario’s is one burst';
    return lifetime !== undefined
      ? undefined
      : 'needs `lifetime` in the scenario: how long an entry of its demand stays';
  },
};

/** A sysctl that some kernels lack. */
export function kernelWith(sysctl: string): Requirement {
  return {
    name: `sysctl:${sysctl}`,
    words: `a kernel with ${sysctl}`,
    whyNot: ({ exists }) =>
      exists(`/proc/sys/${sysctl.replaceAll('.', '/')}`)
        ? undefined
        : `needs a kernel with ${sysctl}; this one has none`,
  };
}

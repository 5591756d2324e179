import { closeSync, openSync } from 'node:fs';
import { MS_BIND, mount } from '../../kernel/libc.ts';
import { NetNamespace } from '../../kernel/netns.ts';
import type { Trace } from '../../host/traced.ts';
import type { Protocol } from '../../schema/protocol.ts';
import type { Squeeze } from '../../change/squeezes.ts';
import { MAX } from '../../kernel/table-names.ts';
import { pathOf } from '../../kernel/sysctl.ts';

const MAX_FILE = pathOf(MAX);

/** Descriptor of the machine's network namespace in the agent, where it is given one. */
export const MACHINE_FD = 4;

/**
 * kube-proxy's maximum on a machine with few cores; the delegated maximum may become this or the requested
 * value.
 */
const LEAST_OF_KUBE_PROXY = 131_072;

/**
 * The lowest value a demand may set the machine's maximum to. Undefined unless the demand sets
 * nf_conntrack_max itself and the squeeze is `sysctl`.
 */
export function delegatedMaximum({ demand }: Pick<Protocol, 'demand'>, squeeze: Squeeze): number | undefined {
  const machines = demand.kind === 'settings' && demand.maximum === 'machine' && squeeze === 'sysctl';
  const wished = machines ? demand.sysctls[MAX] : undefined;
  return wished === undefined ? undefined : Math.min(wished, LEAST_OF_KUBE_PROXY);
}

/**
 * Mounts the machine's nf_conntrack_max over a node's, in this sandbox only. A node's own file is read-only;
 * a file opened in the machine's namespace writes the effective maximum.
 */
export function putMaximumInto(node: NetNamespace): void {
  using machine = NetNamespace.open(`/proc/self/fd/${String(MACHINE_FD)}`);
  const file = machine.within(() => openSync(MAX_FILE, 'r'));
  try {
    node.within(() => {
      mount(`/proc/self/fd/${String(file)}`, MAX_FILE, '', MS_BIND);
    });
  } finally {
    closeSync(file);
  }
}

/** Traces putMaximumInto as a command. */
export function traceMaximum(trace: Trace, node: string): void {
  trace(node, `mount --bind the machine’s own ${MAX_FILE} over the node’s`);
}

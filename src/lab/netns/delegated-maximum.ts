import { closeSync, openSync } from 'node:fs';
import { MS_BIND, mount } from '../../kernel/libc.ts';
import { NetNamespace } from '../../kernel/netns.ts';
import type { Trace } from '../../host/traced.ts';
import type { Protocol } from '../../schema/protocol.ts';
import type { Squeeze } from '../../change/squeezes.ts';

const MAX = 'net.netfilter.nf_conntrack_max';
const MAX_FILE = '/proc/sys/net/netfilter/nf_conntrack_max';

/** Where the agent finds the machine's own network namespace, when it is given it. */
export const MACHINE_FD = 4;

/** kube-proxy's own maximum on a machine with few cores: what the lent maximum may become, besides the value wished. */
const LEAST_OF_KUBE_PROXY = 131_072;

/**
 * The least that a demand may make the machine's own maximum. Undefined where it is not to be lent to the lab: that
 * takes a demand that is about this very setting, and the squeeze that the user chose to change it with.
 */
export function delegatedMaximum({ demand }: Pick<Protocol, 'demand'>, squeeze: Squeeze): number | undefined {
  const wished = demand.kind === 'settings' && squeeze === 'sysctl' ? demand.sysctls[MAX] : undefined;
  return wished === undefined ? undefined : Math.min(wished, LEAST_OF_KUBE_PROXY);
}

/**
 * Puts the machine's own nf_conntrack_max where a node's programs look for it, in this sandbox only. In a node the
 * file is read-only; opened in the machine's namespace and mounted over the node's, it is the one that counts.
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

/** What putMaximumInto does to a node, as a line. */
export function traceMaximum(trace: Trace, node: string): void {
  trace(node, `mount --bind the machine’s own ${MAX_FILE} over the node’s`);
}

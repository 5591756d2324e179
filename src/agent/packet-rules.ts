import { BALLAST_MARK, DEMAND_MARK, KEEP_MARK } from '../host/marks.ts';
import { NODE_DNS } from './network.ts';
import { BALLAST } from '../util/address-plan.ts';

/** Counts and marks packets; a lab's only table on a node besides those of its changes. */
export const COUNTER_TABLE = 'tablefull';

/** Packet counters, the same on every node. Figures prefix them with `packets.`. */
export const PACKET_COUNTERS = [
  'before',
  'after',
  'offered',
  'passed',
  'forwarded',
  'entered',
  'invalid',
  'untranslated',
  'rst',
  'escaped',
] as const;

/** Directly before and after conntrack (-200): no other rule drops a packet in between. */
const BEFORE_CONNTRACK = '-201';
const AFTER_CONNTRACK = '-199';
/** After other rules of the hook, such as those that drop INVALID packets. */
const LAST = '1000';
/**
 * The last hook before conntrack inserts an entry (NF_IP_PRI_CONNTRACK_CONFIRM, INT_MAX): its packet has
 * passed every rule.
 */
const BEFORE_CONFIRM = String(2 ** 31 - 2);

/**
 * Segments with ACK and without RST, most packets. None asks for an entry, so each chain returns early on
 * them.
 */
const MIDDLE = 'ip protocol tcp tcp flags & (ack | rst) == ack';

/** The packets that a node's rules count and mark. */
export interface Counted {
  /** nft expressions that match packets from, and to, one of the lab's pods. */
  readonly fromPods: string;
  readonly toPods: string;
  /** Networks that the lab's packets may go to. */
  readonly inside: readonly string[];
  readonly podNetwork: string;
  /**
   * Packets of the node itself. `matching` is an nft expression for the lab's; other entries are never
   * deleted. `all`: every packet is the lab's, so none may leave it.
   */
  readonly fromNode?: { readonly matching: string; readonly all: boolean };
  /** Addresses of pods whose connections are marked as held. */
  readonly kept: readonly string[];
  /** Destinations outside the demand, such as the API server that CoreDNS watches. */
  readonly aside?: readonly string[];
}

/**
 * The table that counts a node's packets and marks its entries, for `nft -f -`.
 *
 * Counters stand directly before conntrack (after priority raw, where NOTRACK applies) and directly after. A
 * full table drops packets in between:
 * - `before`, `after`: every packet that conntrack sees. Their difference is what conntrack dropped,
 *   including packets of a connection whose entry is gone, which ask for a new one.
 * - `offered`, `passed`: packets that may ask for an entry, which are SYNs and all UDP datagrams. They come
 *   from a pod, or from the node by its output hook.
 * - `forwarded`: those that the node's routing and forward rules let through.
 * - `entered`: entries inserted, once their first packet has passed every rule. Entries are marked before any
 *   rule can drop the packet.
 *
 * Untracked packets ask for no entry, so the chains skip them.
 *
 * Every packet pays for these rules at every node. A mid-connection packet with a marked entry meets one rule
 * before conntrack, one after, two if forwarded and one on leaving. Whether such a packet leaves the lab is
 * not checked: the first packet of its entry was.
 */
export function counterTable({
  fromPods,
  toPods,
  inside,
  podNetwork,
  fromNode,
  kept,
  aside = [],
}: Counted): string {
  const asks = ['tcp flags & (fin | syn | rst | ack) == syn', 'meta l4proto udp'];
  const within = `{ ${[...inside, BALLAST.network, NODE_DNS].join(', ')} }`;
  const ballast = `ip saddr ${BALLAST.network} ct mark set ${String(BALLAST_MARK)}`;
  const mark = `ct mark 0 ct mark set ${String(DEMAND_MARK)}`;
  const enter = `ct status & confirmed == 0 ct mark ${String(DEMAND_MARK)} counter name entered`;
  const keep = kept.length > 0 ? `ip saddr { ${kept.join(', ')} } ct mark set ${String(KEEP_MARK)}` : '';
  const ofDemand = aside.length > 0 ? `ip daddr != { ${aside.join(', ')} }` : '';
  return `
table ip ${COUNTER_TABLE} {
${PACKET_COUNTERS.map((name) => `  counter ${name} { }`).join('\n')}
  chain before-conntrack {
    type filter hook prerouting priority ${BEFORE_CONNTRACK};
    ${MIDDLE} ct state != untracked counter name before return
    ct state == untracked goto untracked-from-pods
    counter name before
    ${fromPods} jump from-pods
${asks.map((match) => `    ${match} ${fromPods} counter name offered`).join('\n')}
  }
  chain untracked-from-pods { ${fromPods} jump from-pods
  }
  chain from-pods {
    ip daddr != ${within} counter name escaped
    tcp flags & rst == rst ip daddr ${podNetwork} counter name rst
  }
  chain after-conntrack {
    type filter hook prerouting priority ${AFTER_CONNTRACK};
    ct mark != 0 ${MIDDLE} counter name after return
    ct state == untracked return
    counter name after
    ct state == invalid counter name invalid
    ${MIDDLE} ${fromPods} ip daddr != ${within} counter name escaped
${asks.map((match) => `    ${match} ${fromPods} counter name passed`).join('\n')}
    ${ballast}
    ${keep}
    ${fromPods} ${ofDemand} ${mark}
  }
  chain from-node-before-conntrack {
    type filter hook output priority ${BEFORE_CONNTRACK};
    ct state untracked return
    counter name before
    oifname "lo" return
    ${fromNode?.all === true ? `ip daddr != ${within} counter name escaped` : ''}
${asks.map((match) => `    ${match} counter name offered`).join('\n')}
  }
  chain from-node-after-conntrack {
    type filter hook output priority ${AFTER_CONNTRACK};
    ct state untracked return
    counter name after
    oifname "lo" return
${asks.map((match) => `    ${match} counter name passed`).join('\n')}
    ${fromNode === undefined ? '' : `${fromNode.matching} ${mark}`}
  }
  chain after-forward {
    type filter hook forward priority ${LAST};
    ct state == invalid ${toPods} counter name untranslated
    ${MIDDLE} return
${asks.map((match) => `    ${match} ${fromPods} counter name forwarded`).join('\n')}
  }
  chain from-node-to-pods {
    type filter hook output priority ${LAST};
    ct state == invalid ${toPods} counter name untranslated
  }
  chain leaving { type filter hook postrouting priority ${BEFORE_CONFIRM}; ${enter}
  }
  chain staying { type filter hook input priority ${BEFORE_CONFIRM}; ${enter}
  }
}`;
}

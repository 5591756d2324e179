import { BALLAST_MARK, DEMAND_MARK, KEEP_MARK } from '../host/marks.ts';
import { NODE_DNS } from './network.ts';

/** Where what fills a table comes from and goes to (RFC 2544's benchmarking network); nothing else uses it. */
export const BALLAST_NETWORK = '198.18.0.0/15';

/** Counts and marks; the only table that a lab adds to a node besides those of its changes. */
export const COUNTER_TABLE = 'tablefull';

/** What each packet counter counts; the same on every node. `packets.` stands before it in figures. */
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

/** Right before conntrack and right behind it (-200): no rule of anybody's drops a packet in between. */
const BEFORE_CONNTRACK = '-201';
const AFTER_CONNTRACK = '-199';
/** After whatever else a hook has: rules that drop INVALID packets, for one. */
const LAST = '1000';
/** The last hook before conntrack puts an entry into the table (NF_IP_PRI_CONNTRACK_CONFIRM, INT_MAX): its packet was dropped by none. */
const BEFORE_CONFIRM = String(2 ** 31 - 2);

/** What acknowledges and is no reset: most packets, none of which asks for an entry; each chain is done with it early. */
const MIDDLE = 'ip protocol tcp tcp flags & (ack | rst) == ack';

/** Whose packets a node's rules count and mark. */
export interface Counted {
  /** What matches a packet that comes from one of the lab's pods, by an nft expression; and one that goes to one. */
  readonly fromPods: string;
  readonly toPods: string;
  /** Every network that the lab's packets may go to. */
  readonly inside: readonly string[];
  readonly podNetwork: string;
  /**
   * Which packets of the node itself are the lab's, by an nft expression, and whether all are, which none may leave; the
   * others are none of ours, and their entries are never deleted.
   */
  readonly fromNode?: { readonly matching: string; readonly all: boolean };
  /** Addresses of pods whose connections are marked as held. */
  readonly kept: readonly string[];
  /** Addresses that pods are connected to for their own ends, as CoreDNS is to the API server: none of the demand. */
  readonly aside?: readonly string[];
}

/**
 * The table that counts a node's packets and marks its entries, for `nft -f -`.
 *
 * Each counter stands right before conntrack (so behind priority raw, where NOTRACK is said) or right after it: a full table drops in between.
 * `before` and `after` count every packet that conntrack sees, so that what it drops is missing between them: also one in the
 * middle of a connection whose entry is gone, which asks for another.
 * `offered` and `passed` count the packets that may ask for an entry: a SYN, or any UDP datagram, from a pod or
 * from the node itself, whose own packets pass the output hook.
 * What is not to be tracked asks for none, so each chain leaves it alone.
 * `forwarded` counts those of them that the node's routing, and its rules for what it forwards, let through.
 * `entered` counts entries where they are put into the table, once their first packet has passed every rule. They are marked
 * before any rule can drop it.
 *
 * Every packet of a connection pays for these rules, at every node: one in its middle, whose entry is marked, meets one rule
 * before conntrack, one after it, two where it is forwarded and one as it leaves. So it is not looked at whether such a packet leaves the
 * lab: that its entry's first packet does has been counted.
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
  const within = `{ ${[...inside, BALLAST_NETWORK, NODE_DNS].join(', ')} }`;
  const ballast = `ip saddr ${BALLAST_NETWORK} ct mark set ${String(BALLAST_MARK)}`;
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

import { NODE_DNS } from './network.ts';

/**
 * NodeLocal DNSCache's name for its link. A bridge without ports replaces its dummy device: it holds an
 * address too, and labs need bridges anyway.
 */
export const LINK = 'nodelocaldns';
/** Carries the prefix of the agent's tables, so cleaning up those deletes this one too. */
export const NOTRACK_TABLE = 'tablefull-node-local-dns';
export const DNS_PORT = 53;

/** Creates and deletes the link on each node, for `ip -batch`. */
export const LINK_LINES = {
  up: [
    `link add ${LINK} type bridge mcast_snooping 0`,
    `addr add ${NODE_DNS}/32 dev ${LINK}`,
    `link set ${LINK} up`,
  ],
  down: [`link del ${LINK}`],
} as const;

/** Both directions bypass conntrack, as with NodeLocal DNSCache’s rules in iptables’ raw table. */
export const NOTRACK_RULES = `
table ip ${NOTRACK_TABLE} {
  chain to-cache {
    type filter hook prerouting priority raw;
    ip daddr ${NODE_DNS} meta l4proto { tcp, udp } th dport ${String(DNS_PORT)} notrack
  }
  chain from-cache {
    type filter hook output priority raw;
    ip saddr ${NODE_DNS} meta l4proto { tcp, udp } th sport ${String(DNS_PORT)} notrack
  }
}
`;

export const DROP_NOTRACK_RULES = `delete table ip ${NOTRACK_TABLE}\n`;

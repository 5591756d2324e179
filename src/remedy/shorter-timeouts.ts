import { EVERY_NODE } from '../scenario/change.ts';
import type { Remedy } from './remedy.ts';

/** The list that circulates for nodes under load, in seconds. */
const TIMEOUTS = {
  tcp_timeout_syn_sent: 30,
  tcp_timeout_syn_recv: 30,
  tcp_timeout_established: 86_400,
  tcp_timeout_fin_wait: 15,
  tcp_timeout_close_wait: 15,
  tcp_timeout_last_ack: 15,
  tcp_timeout_time_wait: 30,
  tcp_timeout_close: 10,
  udp_timeout: 30,
  udp_timeout_stream: 60,
} as const;

export const shorterTimeouts: Remedy = {
  name: 'shorter-timeouts',
  summary: 'the usual list of shorter conntrack timeouts (tcp_timeout_time_wait=30, udp_timeout=30, …)',
  applies: 'every node, its network namespace; entries that exist keep the time they got',
  cost: 'a connection that is silent for longer than its timeout is forgotten, and its next packet is INVALID or new',
  requires: [],
  changes: () =>
    Object.entries(TIMEOUTS).map(([name, value]) => ({
      kind: 'sysctl',
      node: EVERY_NODE,
      name: `net.netfilter.nf_conntrack_${name}`,
      value,
    })),
};

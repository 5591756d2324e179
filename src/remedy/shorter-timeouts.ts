import { EVERY_NODE, type Change } from '../change/index.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { Remedy } from './remedy.ts';

/**
 * The common list for busy nodes, in seconds. `usual` is the kernel's default; for established and close_wait
 * it is kube-proxy's. Three of the ten change nothing.
 */
export const TIMEOUTS = {
  tcp_timeout_syn_sent: { usual: 120, shorter: 30 },
  tcp_timeout_syn_recv: { usual: 60, shorter: 30 },
  tcp_timeout_established: { usual: 86_400, shorter: 86_400 },
  tcp_timeout_fin_wait: { usual: 120, shorter: 15 },
  tcp_timeout_close_wait: { usual: 3_600, shorter: 15 },
  tcp_timeout_last_ack: { usual: 30, shorter: 15 },
  tcp_timeout_time_wait: { usual: 120, shorter: 30 },
  tcp_timeout_close: { usual: 10, shorter: 10 },
  udp_timeout: { usual: 30, shorter: 30 },
  udp_timeout_stream: { usual: 120, shorter: 60 },
} as const;

/** The beginning of every such sysctl's name. */
const PREFIX = 'net.netfilter.nf_conntrack_';

type Timeout = keyof typeof TIMEOUTS;
const NAMES = Object.keys(TIMEOUTS) as readonly Timeout[];

const COST =
  'a connection silent for longer than its timeout is forgotten; its next packet is INVALID or new';
const WHY = { helps: 'entries leave sooner', fails: 'frees no entry in time' };
const BREAKS = { what: 'half-closed connections with a late answer', shownBy: 'half-closed' };
const APPLIES = 'every node, its network namespace; existing entries keep their lifetime';

export const shorterTimeouts: Remedy = {
  name: 'shorter-timeouts',
  summary: 'the usual list of shorter conntrack timeouts (tcp_timeout_time_wait=30, udp_timeout=30, …)',
  applies: APPLIES,
  cost: COST,
  why: WHY,
  breaks: BREAKS,
  requires: [],
  changes: (protocol) => NAMES.map((name) => set(name, protocol)),
};

/** Each timeout alone: `timeout-time-wait`, `timeout-close-wait`, `timeout-udp`, … */
export const oneTimeoutEach: readonly Remedy[] = NAMES.map((name) => {
  const { usual, shorter } = TIMEOUTS[name];
  const change =
    usual === shorter ? `${String(usual)}, as it is already` : `${String(usual)} → ${String(shorter)}`;
  return {
    name: `timeout-${name.replace('tcp_timeout_', '').replace('udp_timeout', 'udp').replaceAll('_', '-')}`,
    summary: `nf_conntrack_${name} alone: ${change}`,
    applies: APPLIES,
    cost: COST,
    why: usual === shorter ? { ...WHY, fails: 'it is the default already' } : WHY,
    ...(name === 'tcp_timeout_close_wait' && { breaks: BREAKS }),
    requires: [],
    changes: (protocol) => [set(name, protocol)],
  };
});

/** The list's value, in the scenario's time. */
function set(name: Timeout, protocol: Protocol): Change {
  const sysctl = `${PREFIX}${name}`;
  return {
    kind: 'sysctl',
    node: EVERY_NODE,
    name: sysctl,
    value: inTimeOf(protocol, sysctl, TIMEOUTS[name].shorter),
  };
}

/** A timeout's value, scaled by the factor by which the scenario shortened that timeout; other sysctls' own. */
export function inTimeOf(protocol: Protocol, sysctl: string, value: number): number {
  const name = NAMES.find((each) => `${PREFIX}${each}` === sysctl);
  const own = protocol.sysctls[sysctl];
  if (name === undefined || own === undefined || own === TIMEOUTS[name].usual) return value;
  return Math.max(1, Math.round(value / (TIMEOUTS[name].usual / own)));
}

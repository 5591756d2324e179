import { z } from 'zod';
import { count, milliseconds, moment, pods, seconds, sockets, stageList } from '../util/bounds.ts';
import { k6Schema } from './k6-load.ts';

const podSet = z.string();
const service = z.string();

/** curl-like pods: so many requests over the stages, spread evenly over the pods that are up, open loop. */
export const simpleAppSchema = z.strictObject({
  kind: z.literal('simple-app'),
  pods: podSet,
  service,
  /** Scaled as a Deployment would be: each stage runs on so many pods for so long. */
  stages: stageList(z.strictObject({ pods, seconds })),
  /** The Deployment scaled out: each stage runs on so many times its pods. */
  scale: z.number().int().positive().max(1000).default(1),
  /** Requests in the whole phase. */
  requests: count,
  /** curl's --connect-timeout. */
  connectTimeout: seconds,
  /**
   * How a pod comes by an address: the `service`'s own, its `pods`' as they are now, or what the DNS says to the
   * service's `name`, kept for as long as the answer allows.
   */
  via: z.enum(['service', 'pods', 'name']).default('service'),
  /** false: a new connection a request; true: each pod keeps its connections and reuses them. */
  reuse: z.boolean().default(false),
  /** Keep each connection open until the phase ends (without reusing it) instead of closing it. */
  hold: z.boolean().default(false),
  /**
   * `scarce`: a pod without a free local port is a failed request, and no generator that could not offer its demand;
   * kept connections are reset in the end, as a closed one's port is taken for the 60 s of TIME_WAIT.
   */
  localPorts: z.enum(['plenty', 'scarce']).default('plenty'),
  /** Never close a connection that the server has closed: it stays half open until the phase ends. */
  leak: z.boolean().default(false),
});

/** Connections that are opened once and say something every so often: the canaries of a full table. */
export const keepaliveSchema = z.strictObject({
  kind: z.literal('keepalive'),
  pods: podSet,
  service,
  connections: sockets,
  everyMs: milliseconds,
});

/** Connections to a boom-server, which answers each with a forged segment (kubernetes issue 74839). */
export const boomServerSchema = z.strictObject({
  kind: z.literal('boom-server'),
  pods: podSet,
  service,
  connections: sockets,
  /** How long the connections are spread over. */
  seconds,
  /** Where the forged segment lies, seen from the receive window; `reset`: an RST of what has been acknowledged long ago. */
  segment: z.enum(['none', 'below', 'above', 'inside', 'reset']).default('none'),
  /** A connection that is neither reset nor finished after so long hangs. */
  patience: seconds,
});

/** Look-ups with the C library's own resolver (getaddrinfo), open loop. */
export const dnsClientSchema = z.strictObject({
  kind: z.literal('dns-client'),
  pods: podSet,
  lookups: count,
  seconds,
  names: z.array(z.string()).min(1),
  /** Ask for `name.`, which is never searched for. */
  trailingDot: z.boolean().default(false),
  /** A look-up that took longer has failed its caller, whatever it brought. */
  patience: seconds,
  /** One that has not returned after so long hangs; its resolver is ended with the phase. */
  giveUp: seconds,
});

/** Node agents that report to an API server at its own address, as a kubelet renews its lease. */
export const nodeAgentSchema = z.strictObject({
  kind: z.literal('node-agent'),
  pods: podSet,
  service,
  /** Of all agents together, one after the other, evenly over the seconds. */
  heartbeats: count,
  seconds,
  /** A beat that is not answered within so many seconds is missed. */
  timeout: seconds,
  /** false: a new connection a beat; true: each agent keeps its connection. */
  reuse: z.boolean().default(false),
});

/**
 * Flows without sockets: raw packets between two pods of the node under test, at the node's own pace if need be. One
 * attempt a flow: a packet that is lost is not sent again.
 */
export const floodSchema = z.strictObject({
  kind: z.literal('flood'),
  /** The first pod of this set sends, from addresses that are routed to it and assigned to nobody. */
  pods: podSet,
  /** The first pod of this set is sent to, and answers where the flow has answers. */
  to: podSet,
  flows: count,
  /** How long they are spread over. */
  seconds,
  /** One datagram; or a TCP connection, opened and closed by both ends. */
  flow: z.enum(['datagram', 'closed-connection']),
});

/** Pairs of queries, A and AAAA, each pair from a socket that has sent nothing before; what is counted are datagrams. */
export const dnsRaceSchema = z.strictObject({
  kind: z.literal('dns-race'),
  pods: podSet,
  pairs: count,
  /** How long they are spread over. */
  seconds,
  name: z.string(),
  /** One after the other from one CPU, or both at the same moment from two. */
  send: z.enum(['in-turn', 'at-once']),
  /** One socket a pair, as getaddrinfo has it; or one a query, as with `single-request-reopen`. */
  sockets: z.enum(['one', 'each']).default('one'),
  /** A query that is not answered after so long was lost. */
  patience: seconds,
});

/** Clients that ask an echo server again and again from the same port, or on the same connection. */
export const exchangeSchema = z.strictObject({
  kind: z.literal('exchange'),
  pods: podSet,
  service,
  protocol: z.enum(['udp', 'tcp']),
  /** Each has a port of its own for the whole phase; a TCP client connects again only once its connection is closed. */
  clients: count,
  everyMs: milliseconds,
  /** The first of them ask so long after the phase began. */
  after: moment.default(0),
  seconds,
  /** An answer that takes longer has failed its caller. */
  patience: seconds,
});

/**
 * A crowd of clients, each with a connection to the one backend of a `stateless` service; the backend restarts, and
 * all of them come back from other ports. Counted is who is back, and when.
 */
export const reconnectSchema = z.strictObject({
  kind: z.literal('reconnect'),
  pods: podSet,
  service,
  clients: count,
  /** What the restart says to its clients: a reset (RST), or a proper close (FIN, answered). */
  goodbye: z.enum(['reset', 'close']),
  /** The clients come back evenly over so long a time, as with a backoff with jitter; 0: as fast as they can be sent. */
  within: moment.default(0),
  /** Without a backoff all of them have begun to come back so soon, or the generator is the bottleneck. */
  reaction: seconds,
  /** A client that is not connected so long after its attempt began has failed, though it goes on trying. */
  patience: seconds,
  /** One that is not so long after the last of them began is given up. */
  giveUp: seconds,
});

/** No traffic: settings that a node is to have, written as at boot and read back when all is up. */
export const settingsSchema = z.strictObject({
  kind: z.literal('settings'),
  node: z.string(),
  /** What each sysctl is to be. */
  sysctls: z.record(z.string().regex(/^net\.[a-z0-9_.]+$/), z.number().int().positive()),
  /** kube-proxy's program. */
  program: z.string(),
  /** Does kube-proxy start before the settings are made, or after; or does it run already, as in a cluster? */
  kubeProxy: z.enum(['before', 'after', 'running']).default('before'),
  /**
   * What the `conntrack` part of its configuration says of these settings: nothing, their values, or that they
   * are to be left alone.
   */
  config: z.enum(['defaults', 'wished', 'untouched']).default('defaults'),
});

/**
 * No traffic: the endpoints of a service change through the API server, an endpoint of `pods` and one of `to` in turn. An
 * update is over once the kube-proxy of the node under test has programmed it and cleaned up after it.
 */
export const updatesSchema = z.strictObject({
  kind: z.literal('updates'),
  service,
  pods: podSet,
  to: podSet,
  updates: count,
  /** How long they are spread over. */
  seconds,
  /** One that takes longer has failed whoever waits for it. */
  patience: seconds,
  /** One that is not over after so long is given up. */
  giveUp: seconds,
});

export const loadSchema = z.discriminatedUnion('kind', [
  simpleAppSchema,
  keepaliveSchema,
  boomServerSchema,
  dnsClientSchema,
  nodeAgentSchema,
  floodSchema,
  dnsRaceSchema,
  exchangeSchema,
  reconnectSchema,
  settingsSchema,
  updatesSchema,
  k6Schema,
]);

export type SimpleApp = z.infer<typeof simpleAppSchema>;
export type Keepalive = z.infer<typeof keepaliveSchema>;
export type BoomServer = z.infer<typeof boomServerSchema>;
export type DnsClient = z.infer<typeof dnsClientSchema>;
export type NodeAgent = z.infer<typeof nodeAgentSchema>;
export type Flood = z.infer<typeof floodSchema>;
export type DnsRace = z.infer<typeof dnsRaceSchema>;
export type Exchange = z.infer<typeof exchangeSchema>;
export type Reconnect = z.infer<typeof reconnectSchema>;
export type Settings = z.infer<typeof settingsSchema>;
export type Updates = z.infer<typeof updatesSchema>;
export type Load = z.infer<typeof loadSchema>;
export type LoadKind = Load['kind'];

/** What one load counts, as its figures are named: `requests.failed.rate`, `lookups.p(95)`, … */
export const LOAD_UNITS = {
  'simple-app': 'requests',
  keepalive: 'canaries',
  'boom-server': 'connections',
  'dns-client': 'lookups',
  'node-agent': 'heartbeats',
  flood: 'flows',
  'dns-race': 'datagrams',
  exchange: 'exchanges',
  reconnect: 'clients',
  settings: 'settings',
  updates: 'updates',
  k6: 'requests',
} as const satisfies Record<LoadKind, string>;

/** So many of what it counts are due in a phase. */
export function plannedBy(demand: Load): number {
  switch (demand.kind) {
    case 'simple-app':
    case 'k6':
      return demand.requests;
    case 'dns-client':
      return demand.lookups;
    case 'node-agent':
      return demand.heartbeats;
    case 'flood':
      return demand.flows;
    case 'dns-race':
      return 2 * demand.pairs;
    case 'reconnect':
      return demand.clients;
    case 'exchange':
      return demand.clients * Math.floor((demand.seconds * 1000) / demand.everyMs);
    case 'keepalive':
    case 'boom-server':
      return demand.connections;
    case 'updates':
      return demand.updates;
    case 'settings':
      return Object.keys(demand.sysctls).length;
  }
}

/** How long a phase offers its demand, in seconds; 0 for one that is offered at once. */
export function secondsOf(demand: Load): number {
  if ('seconds' in demand) return demand.seconds;
  if ('stages' in demand) return demand.stages.reduce((sum, { seconds }) => sum + seconds, 0);
  return 'within' in demand ? demand.within + demand.reaction : 0;
}

import { z } from 'zod';

const podSet = z.string();
const service = z.string();
const seconds = z.number().positive();

/** curl-like pods: so many requests over the stages, spread evenly over the pods that are up, open loop. */
export const simpleAppSchema = z.strictObject({
  kind: z.literal('simple-app'),
  pods: podSet,
  service,
  /** Scaled as a Deployment would be: each stage runs on so many pods for so long. */
  stages: z.array(z.strictObject({ pods: z.number().int().nonnegative(), seconds })).min(1),
  /** The Deployment scaled out: each stage runs on so many times its pods. */
  scale: z.number().int().positive().default(1),
  /** Requests in the whole phase. */
  requests: z.number().int().positive(),
  /** curl's --connect-timeout. */
  connectTimeout: seconds,
  /** false: a new connection a request; true: each pod keeps its connections and reuses them. */
  reuse: z.boolean().default(false),
  /** Keep each connection open until the phase ends (without reusing it) instead of closing it. */
  hold: z.boolean().default(false),
  /**
   * `scarce`: a pod without a free local port is a failed request, and no generator that could not offer its demand;
   * kept connections are reset in the end, as a closed one's port is taken for the 60 s of TIME_WAIT.
   */
  localPorts: z.enum(['plenty', 'scarce']).default('plenty'),
});

/** Connections that are opened once and say something every so often: the canaries of a full table. */
export const keepaliveSchema = z.strictObject({
  kind: z.literal('keepalive'),
  pods: podSet,
  service,
  connections: z.number().int().positive(),
  everyMs: z.number().int().positive(),
});

/** Connections to a boom-server, which answers each with a forged segment (kubernetes issue 74839). */
export const boomServerSchema = z.strictObject({
  kind: z.literal('boom-server'),
  pods: podSet,
  service,
  connections: z.number().int().positive(),
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
  lookups: z.number().int().positive(),
  seconds,
  names: z.array(z.string()).min(1),
  /** Ask for `name.`, which is never searched for. */
  trailingDot: z.boolean().default(false),
  /** A look-up that took longer has failed its caller, whatever it brought. */
  patience: seconds,
  /** One that has not returned after so long hangs; its resolver is ended with the phase. */
  giveUp: seconds,
});

export const loadSchema = z.discriminatedUnion('kind', [
  simpleAppSchema,
  keepaliveSchema,
  boomServerSchema,
  dnsClientSchema,
]);

export type SimpleApp = z.infer<typeof simpleAppSchema>;
export type Keepalive = z.infer<typeof keepaliveSchema>;
export type BoomServer = z.infer<typeof boomServerSchema>;
export type DnsClient = z.infer<typeof dnsClientSchema>;
export type Load = z.infer<typeof loadSchema>;
export type LoadKind = Load['kind'];

/** What one load counts, as its figures are named: `requests.failed.rate`, `lookups.p(95)`, … */
export const LOAD_UNITS = {
  'simple-app': 'requests',
  keepalive: 'canaries',
  'boom-server': 'connections',
  'dns-client': 'lookups',
} as const satisfies Record<LoadKind, string>;

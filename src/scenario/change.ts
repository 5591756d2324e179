import { z } from 'zod';
import type { Squeeze } from './squeeze.ts';

const immediate = [
  /** A sysctl in the network namespace of one node, or of all of them (`nf_conntrack_tcp_be_liberal`, …). */
  z.strictObject({
    kind: z.literal('sysctl'),
    node: z.string(),
    name: z.string().regex(/^[a-z0-9_.-]+$/i),
    value: z.number().int(),
  }),
  /** A sysctl in the network namespace of each pod of a set, as `securityContext.sysctls` of a pod's spec sets it. */
  z.strictObject({
    kind: z.literal('pod-sysctl'),
    pods: z.string(),
    name: z.string().regex(/^net\.[a-z0-9_.-]+$/i, 'a pod’s own sysctls are those below net'),
    value: z.string(),
  }),
  /** `nf_conntrack_max` raised by so many entries. Global on most kernels, so only root can do it for real. */
  z.strictObject({ kind: z.literal('limit'), add: z.number().int().positive() }),
  /** `nf_conntrack_buckets` multiplied. Global, root only. */
  z.strictObject({ kind: z.literal('buckets'), times: z.number().positive() }),
  /** Statements for a base chain of our own at one hook of one node, or of all. */
  z.strictObject({
    kind: z.literal('nft'),
    node: z.string(),
    /** The chain's type; `filter` unless said. */
    type: z.enum(['filter', 'nat']).optional(),
    hook: z.enum(['prerouting', 'forward', 'postrouting']),
    priority: z.number().int(),
    rules: z.array(z.string()).min(1),
  }),
  /** So many idle connections to its upstream are kept by every nginx of the topology; it is started anew. */
  z.strictObject({ kind: z.literal('nginx'), keepalive: z.number().int().nonnegative() }),
  /** The `options` line of every pod's resolv.conf: options of the same name are replaced. */
  z.strictObject({ kind: z.literal('resolver'), options: z.array(z.string()).min(1) }),
  /** Another way of making the same demand: settings of the scenario's demand load. */
  z.strictObject({
    kind: z.literal('load'),
    set: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
  /** The conntrack table of one node left with so many free entries, in the way `--squeeze` says. */
  z.strictObject({ kind: z.literal('squeeze'), node: z.string(), free: z.number().int().positive() }),
] as const;

/** A change that is made at once. */
export const immediateSchema = z.discriminatedUnion('kind', immediate);

/** Another change, made in the middle of every phase and undone when the phase is over. */
const eventSchema = z.strictObject({
  kind: z.literal('event'),
  /** Seconds since the phase began. */
  at: z.number().nonnegative(),
  change: immediateSchema,
});

/**
 * A reversible change: what a fault does and what a remedy does. It is data, so that a dry run can print it,
 * the history can hold it, and every lab can apply it in its own way; undoing it is the lab's business.
 */
export const changeSchema = z.discriminatedUnion('kind', [...immediate, eventSchema]);

export type Change = z.infer<typeof changeSchema>;

/** Stands for every node of the lab where a change names a node. */
export const EVERY_NODE = 'all';

type Global = Extract<Change, { kind: 'limit' | 'buckets' }>;

export type Immediate = z.infer<typeof immediateSchema>;

/** Does this change set what is the whole machine's, where it can be set at all? */
export function isGlobal(change: Change, squeeze: Squeeze): change is Global {
  return change.kind === 'buckets' || (change.kind === 'limit' && squeeze !== 'netns-sysctl');
}

import { z } from 'zod';
import { kernelInt, moment, nodeList } from './bounds.ts';
import { kubeProxySettingsSchema } from './kube-proxy.ts';
import type { Squeeze } from './squeeze.ts';

/** Does it stay within the braces of the chain that it is put into? */
function isOneStatement(rule: string): boolean {
  let depth = 0;
  for (const character of rule) {
    if (character === '{') depth++;
    if (character === '}') depth--;
    if (depth < 0 || character === '\n') return false;
  }
  return depth === 0;
}

const immediate = [
  /** A sysctl in the network namespace of one node, or of all of them (`nf_conntrack_tcp_be_liberal`, …). */
  z.strictObject({
    kind: z.literal('sysctl'),
    node: z.string(),
    name: z.string().regex(/^net\.[a-z0-9_.-]+$/i, 'a node has only the sysctls below net: net.…'),
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
  z.strictObject({
    kind: z.literal('limit'),
    add: kernelInt,
    /** By giving back ballast, also where the machine’s own could be changed. */
    emulated: z.literal(true).optional(),
  }),
  /** `nf_conntrack_buckets` multiplied. Global, root only. */
  z.strictObject({ kind: z.literal('buckets'), times: z.number().positive().max(1024) }),
  /** Statements for a base chain of our own at one hook of one node, or of all. */
  z.strictObject({
    kind: z.literal('nft'),
    node: z.string(),
    /** The chain's type; `filter` unless said. */
    type: z.enum(['filter', 'nat']).optional(),
    hook: z.enum(['prerouting', 'forward', 'postrouting']),
    priority: z.number().int(),
    rules: z.array(z.string().refine(isOneStatement, 'a statement is one line, its braces in pairs')).min(1),
  }),
  /** So many idle connections to its upstream are kept by every nginx of the topology; it is started anew. */
  z.strictObject({ kind: z.literal('nginx'), keepalive: z.number().int().nonnegative().max(100_000) }),
  /** The `options` line of every pod's resolv.conf: options of the same name are replaced. */
  z.strictObject({ kind: z.literal('resolver'), options: z.array(z.string()).min(1) }),
  /** A DNS cache on every node that the pods ask instead of kube-dns; their packets tracked on the way to it, or not. */
  z.strictObject({ kind: z.literal('node-dns'), notrack: z.boolean() }),
  /** Another way in which the apps behind services make the calls that they answer by. */
  z.strictObject({
    kind: z.literal('calls'),
    set: z.strictObject({ reuse: z.boolean().optional(), trailingDot: z.boolean().optional() }),
  }),
  /** Another way of making the same demand: settings of the scenario's demand load, or `of` a background load. */
  z.strictObject({
    kind: z.literal('load'),
    of: z.string().optional(),
    set: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
  /** The conntrack table of one node left with so many free entries, in the way `--squeeze` says. */
  z.strictObject({
    kind: z.literal('squeeze'),
    node: z.string(),
    free: kernelInt,
    /** false: by entries that the kernel gives up for new ones (early_drop); with `ballast` only. */
    assured: z.boolean().optional(),
    /** Nodes whose tables are left with as many. */
    alike: nodeList(z.string()).optional(),
  }),
  /** The entries that traffic has left on one node, or on all, deleted as `conntrack -D` does; held connections' stay. */
  z.strictObject({ kind: z.literal('flush'), node: z.string() }),
  /**
   * A service gets the pods of another set. Every node's NAT rules are programmed anew and its conntrack table is left
   * alone; the DNS answers with the new pods; the old ones are gone: no link, no route.
   */
  z.strictObject({
    kind: z.literal('endpoints'),
    service: z.string(),
    pods: z.string(),
    /** The old pods go so long after their last new client, s, as their termination grace period has it. */
    grace: moment.default(0.2),
  }),
  /** Deletes, on every node, the entries of services whose DNAT leads to what is no endpoint of theirs any more. */
  z.strictObject({ kind: z.literal('conntrack-delete') }),
  /** kube-proxy's own rule that drops INVALID packets, taken out of the way on a node, or on all; absent is fine. */
  z.strictObject({ kind: z.literal('invalid-rule'), node: z.string() }),
  /** A DaemonSet whose init container writes these sysctls on every node, as many a text has it. */
  z.strictObject({
    kind: z.literal('sysctl-daemonset'),
    sysctls: z.record(z.string().regex(/^net\.[a-z0-9_.]+$/), z.number().int().positive()),
  }),
  /** Settings put into the configuration of the cluster's own kube-proxy, none for none, and then its restart. */
  z.strictObject({ kind: z.literal('kube-proxy'), set: kubeProxySettingsSchema }),
  /** How long an answer of the cluster's DNS may be kept, s. */
  z.strictObject({ kind: z.literal('record-ttl'), seconds: z.number().int().nonnegative() }),
] as const;

/** A change that is made at once. */
export const immediateSchema = z.discriminatedUnion('kind', immediate);

/** Another change, made in the middle of every phase and undone when the phase is over. */
const eventSchema = z.strictObject({
  kind: z.literal('event'),
  /** Seconds since the phase began. */
  at: moment,
  change: immediateSchema,
});

/** A program and its arguments; no shell reads them. */
const argumentsSchema = z.tuple([z.string().min(1)], z.string());

/**
 * A program that is run on a node, or on every one, and the one that undoes it. What `check` prints before must be what it
 * prints after the undo. For remedies of one's own: all that the lab has no kind of change for.
 */
const commandSchema = z.strictObject({
  kind: z.literal('command'),
  node: z.string(),
  run: argumentsSchema,
  undo: argumentsSchema,
  check: argumentsSchema,
});

/** Options of the plug-in `forward` in CoreDNS' Corefile: how it asks those outside what it does not know itself. */
const corednsForwardSchema = z.strictObject({
  kind: z.literal('coredns-forward'),
  options: z.array(z.enum(['prefer_udp', 'force_tcp'])).min(1),
});

/**
 * A reversible change: what a fault does and what a remedy does. It is data, so that a dry run can print it,
 * the history can hold it, and every lab can apply it in its own way; undoing it is the lab's business.
 */
export const changeSchema = z.discriminatedUnion('kind', [
  ...immediate,
  eventSchema,
  commandSchema,
  corednsForwardSchema,
]);

export type Change = z.infer<typeof changeSchema>;
export type ChangeOf<K extends Change['kind']> = Extract<Change, { kind: K }>;

/** Stands for every node of the lab where a change names a node. */
export const EVERY_NODE = 'all';

/** Does it take a real cluster, and why? */
export function needsCluster(change: Change): string | undefined {
  const { kind } = immediateOf(change);
  if (kind === 'coredns-forward') return 'it is the Corefile of CoreDNS itself';
  if (kind === 'kube-proxy') return 'it is kube-proxy’s own configuration';
  return kind === 'sysctl-daemonset' ? 'it takes the pods of a DaemonSet' : undefined;
}

/** What a change does when its time has come. */
export function immediateOf(change: Change): Exclude<Change, { kind: 'event' }> {
  return change.kind === 'event' ? change.change : change;
}

type Global = Extract<Change, { kind: 'limit' | 'buckets' }>;

export type Immediate = z.infer<typeof immediateSchema>;

/** Does this change set what is the whole machine's, where it can be set at all? */
export function isGlobal(change: Change, squeeze: Squeeze): change is Global {
  if (change.kind === 'limit') return change.emulated !== true && squeeze !== 'netns-sysctl';
  return change.kind === 'buckets';
}

/** Does any of these set what is the whole machine's, by a run that may? */
export function reachesOut(
  changes: readonly Change[],
  { privileged, squeeze }: { readonly privileged: boolean; readonly squeeze: Squeeze },
): boolean {
  return privileged && changes.some((change) => isGlobal(change, squeeze));
}

/** Is it made on one of these nodes? What names no node is everybody's. */
export function isOn(change: Change, nodes: readonly string[]): boolean {
  return !('node' in change) || change.node === EVERY_NODE || nodes.includes(change.node);
}

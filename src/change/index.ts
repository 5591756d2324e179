import { z } from 'zod';
import { moment } from '../util/bounds.ts';
import { EVERY_NODE, type ChangeKind, type Layout, type Names } from './define.ts';
import type { Done, Value } from './done.ts';
import { buckets } from './kinds/buckets.ts';
import { calls } from './kinds/calls.ts';
import { command } from './kinds/command.ts';
import { conntrackDelete } from './kinds/conntrack-delete.ts';
import { corednsForward } from './kinds/coredns-forward.ts';
import { endpoints } from './kinds/endpoints.ts';
import { flush } from './kinds/flush.ts';
import { invalidRule } from './kinds/invalid-rule.ts';
import { kubeProxy } from './kinds/kube-proxy.ts';
import { limit } from './kinds/limit.ts';
import { load } from './kinds/load.ts';
import { manifest } from './kinds/manifest.ts';
import { nft } from './kinds/nft.ts';
import { nginx } from './kinds/nginx.ts';
import { nodeDns } from './kinds/node-dns.ts';
import { podNft } from './kinds/pod-nft.ts';
import { podSysctl } from './kinds/pod-sysctl.ts';
import { readdress } from './kinds/readdress.ts';
import { recordTtl } from './kinds/record-ttl.ts';
import { resolver } from './kinds/resolver.ts';
import { route } from './kinds/route.ts';
import { squeeze } from './kinds/squeeze.ts';
import { sysctlDaemonset } from './kinds/sysctl-daemonset.ts';
import { sysctl } from './kinds/sysctl.ts';
import { unprogrammed } from './kinds/unprogrammed.ts';
import type { Squeeze } from './squeezes.ts';
import type { Machine, Target } from './target.ts';

export { EVERY_NODE, type Layout } from './define.ts';

/** Every kind of change. To add one: a file in kinds/, and a line here. */
export const CHANGE_KINDS = [
  sysctl,
  podSysctl,
  limit,
  buckets,
  nft,
  podNft,
  nginx,
  resolver,
  nodeDns,
  calls,
  load,
  squeeze,
  flush,
  endpoints,
  unprogrammed,
  readdress,
  route,
  conntrackDelete,
  invalidRule,
  sysctlDaemonset,
  manifest,
  kubeProxy,
  recordTtl,
  corednsForward,
  command,
] as const;

type SchemasOf<Kinds extends readonly { readonly schema: z.ZodType }[]> = {
  readonly [I in keyof Kinds]: Kinds[I]['schema'];
};
const schemas = CHANGE_KINDS.map(({ schema }) => schema) as unknown as SchemasOf<typeof CHANGE_KINDS>;

/** A change that is made at once. */
export const immediateSchema = z.discriminatedUnion('kind', schemas).meta({ id: 'immediate-change' });
export type Immediate = z.infer<typeof immediateSchema>;

const WHEN = {
  at: moment('When it is made, since the phase began.'),
  until: moment('When it is undone, since the phase began. Default: when the phase is over.').optional(),
  change: immediateSchema.describe('What is changed.'),
};
const isUndoneLater = ({
  at,
  until,
}: {
  readonly at: number;
  readonly until?: number | undefined;
}): boolean => until === undefined || until > at;
const UNDONE_LATER = {
  path: ['until'],
  message: 'a change is undone after it is made; give a time after `at`',
};

/** A change made in the middle of every phase and undone when the phase ends, or before. */
export const scheduledSchema = z.strictObject(WHEN).refine(isUndoneLater, UNDONE_LATER);

/** The same among changes of other kinds. */
const eventSchema = z
  .strictObject({ kind: z.literal('event'), ...WHEN })
  .refine(isUndoneLater, UNDONE_LATER)
  .describe('Makes another change in the middle of every phase, and undoes it when the phase is over.');

/**
 * A reversible change of a fault or remedy. It is data, so that a dry run can print it, the history can
 * record it, and every lab can apply it.
 */
export const changeSchema = z.discriminatedUnion('kind', [...schemas, eventSchema]).meta({ id: 'change' });
export type Change = z.infer<typeof changeSchema>;
export type ChangeOf<K extends Change['kind']> = Extract<Change, { kind: K }>;

/** The kinds of change that a lab makes in its own way. */
export type LabChanges = {
  readonly [K in Immediate['kind']]?: (change: ChangeOf<K>) => Promise<Done>;
};

/** What changes act on, and what the lab makes of them itself. */
export interface LabTarget extends Target {
  readonly byLab: LabChanges;
}

/** The change that a scheduled change makes; any other change itself. */
export function immediateOf(change: Change): Immediate {
  return change.kind === 'event' ? change.change : change;
}

/** The kind of a change, typed to accept any change; it only gets changes of its own kind. */
function kindOf({ kind }: Immediate): ChangeKind<string, Immediate> {
  const found = CHANGE_KINDS.find((each) => each.kind === kind);
  return found as unknown as ChangeKind<string, Immediate>;
}

/** Makes a change on one agent's nodes. @throws Error where this lab can't, with the reason */
export async function applyChange(change: Immediate, target: LabTarget): Promise<Done> {
  const byLab = target.byLab[change.kind] as ((change: Immediate) => Promise<Done>) | undefined;
  return await (byLab?.(change) ?? kindOf(change).apply(change, target));
}

/** What of its author's a change runs; undefined where it runs nothing. */
export function runsOf(change: Immediate, found: readonly string[] = []): string | undefined {
  return kindOf(change).runs?.(change, found);
}

/** Why a change needs a real cluster; undefined where it does not. */
export function needsCluster(change: Immediate): string | undefined {
  return kindOf(change).cluster;
}

/** Which image a cluster's nodes need for a change, beside the pods' own; undefined where none. */
export function imageFor(change: Immediate): 'tools' | 'node-local-dns' | undefined {
  return kindOf(change).image;
}

/** Why a cluster can't make a change; undefined where it can. */
export function notOnCluster(change: Immediate): string | undefined {
  return kindOf(change).notOnCluster;
}

/** What a change needs of the topology, where that lacks it. */
export function lacks(change: Immediate, topology: { readonly resolver?: unknown }): string | undefined {
  return kindOf(change).lacks?.(topology);
}

/** Why a change can't be made in the middle of a phase; undefined where it can. */
export function notInPhase(change: Immediate): string | undefined {
  return kindOf(change).notInPhase;
}

/** Why a change can't be a fault, or of a remedy; undefined where it can. */
export function notAs(part: 'fault' | 'remedy', change: Immediate): string | undefined {
  return kindOf(change).notAs?.[part];
}

/** Whether a change's effect may outlive the lab. */
export function outlivesLab(change: Immediate): boolean {
  return kindOf(change).outlives === true;
}

/** What of the topology a change names. */
export function namesOf(change: Immediate): Names {
  return kindOf(change).names?.(change) ?? ('node' in change ? { nodes: [change.node] } : {});
}

/** The sysctls that a change sets at once, on each of its nodes. */
export function sysctlsOf(change: Immediate): Readonly<Record<string, number>> {
  return kindOf(change).sysctls?.(change) ?? {};
}

/** A change in a word: the sysctl that it sets, or its kind. */
export function wordOf(change: Immediate): string {
  return Object.keys(sysctlsOf(change))[0] ?? change.kind;
}

/** The API server's part in a change. */
export function apiPart(change: Immediate): 'made' | 'after' | undefined {
  return kindOf(change).api;
}

/** The nodes that a change applies to, or EVERY_NODE. */
export function nodesOf(change: Immediate, layout: Layout): readonly string[] {
  const own = 'node' in change ? change.node : EVERY_NODE;
  return kindOf(change).nodes?.(change, layout) ?? [own];
}

/**
 * Whether a change affects the whole machine, where possible. A scheduled one never does: the agents make it, in the
 * lab alone.
 */
export function isGlobal(change: Change, squeeze: Squeeze): change is Immediate {
  if (change.kind === 'event') return false;
  const { onMachine } = kindOf(change);
  return onMachine !== undefined && (onMachine.when?.(change, squeeze) ?? true);
}

/** Makes a change of the whole machine. */
export async function applyOnMachine(change: Immediate, machine: Machine): Promise<Done> {
  const { onMachine } = kindOf(change);
  if (onMachine === undefined) throw new Error(`${change.kind} changes nothing of the machine’s own`);
  return onMachine.apply(change, machine);
}

/** A change by other means, which leave the machine's settings alone; itself where there are none. */
export function emulated(change: Immediate): Immediate {
  return kindOf(change).emulated?.(change) ?? change;
}

/** What of the machine's own a change sets that nothing emulates; undefined where root is not needed. */
export function onlyRootSets(change: Immediate): string | undefined {
  const other = emulated(change);
  return isGlobal(other, 'ballast') ? kindOf(other).onMachine?.what : undefined;
}

/** Whether a change may make hash chains too long. */
export function lengthensChains(change: Immediate): boolean {
  return kindOf(change).lengthensChains === true;
}

/** Whether a service's entries may lead to pods that are no longer behind it, after a change. */
export function leavesStale(change: Immediate): boolean {
  return kindOf(change).leavesStale === true;
}

/** Whether a change set nf_conntrack_max to `limit`, when its record says `after`. */
export function setsLimit(change: Immediate, limit: number, after: Value, squeeze: Squeeze): boolean {
  return kindOf(change).setsLimit?.(limit, after, squeeze) === true;
}

/** Whether any of these affects the whole machine, in a run that may do so. */
export function reachesOut(
  changes: readonly Change[],
  { privileged, squeeze }: { readonly privileged: boolean; readonly squeeze: Squeeze },
): boolean {
  return privileged && changes.some((change) => isGlobal(change, squeeze));
}

/** Whether a change targets any of these nodes; changes without `node` target all. */
export function isOn(change: Immediate, nodes: readonly string[]): boolean {
  return !('node' in change) || change.node === EVERY_NODE || nodes.includes(change.node);
}

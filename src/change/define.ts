import { z } from 'zod';
import type { Done, Value } from './done.ts';
import type { Squeeze } from './squeezes.ts';
import type { Machine, Target } from './target.ts';

/** Node name that stands for every node of the lab. */
export const EVERY_NODE = 'all';

/** The parts of a lab that decide which nodes a change applies to. */
export interface Layout {
  readonly underTest: string;
  /** The nodes of a set of pods. */
  readonly ofPods: (set: string) => readonly string[];
  /** The nodes with pods that look names up, and those with the cluster's DNS pods. */
  readonly lookingUp: readonly string[];
  readonly ofDns: readonly string[];
}

/** Names of the topology. */
export interface Names {
  readonly nodes?: readonly string[];
  /** Sets of pods; beside a service, those that it leads to then. */
  readonly pods?: readonly string[];
  readonly service?: string;
}

/** A change of the whole machine, made outside the lab under the machine's lock. */
interface OnMachine<C> {
  /** What of the machine's table it changes. */
  readonly what: string;
  /** Default: it always does. */
  readonly when?: (change: C, squeeze: Squeeze) => boolean;
  readonly apply: (change: C, machine: Machine) => Promise<Done>;
}

/** One kind of change; docs/reference/changes.md is generated from it. */
export interface ChangeKind<K extends string, C> {
  readonly kind: K;
  /** Its effect, in a sentence or two. */
  readonly doc: string;
  readonly schema: z.ZodType<C>;
  /** The nodes it applies to. Default: its `node`, or every node. */
  readonly nodes?: (change: C, layout: Layout) => readonly string[];
  /** What of the topology it names. Default: its `node`. */
  readonly names?: (change: C) => Names;
  /** The sysctls that it sets, on each of its nodes. Default: none. */
  readonly sysctls?: (change: C) => Readonly<Record<string, number>>;
  /**
   * What of its author's it runs: programs, containers. Default: nothing.
   *
   * @param found programs that tablefull found or built itself: no author's
   */
  readonly runs?: (change: C, found: readonly string[]) => string | undefined;
  /** Why it needs a real cluster. Default: it does not. */
  readonly cluster?: string;
  /**
   * In a cluster, `made`: through its API server, before the nodes' part; `after`: following such a change.
   */
  readonly api?: 'made' | 'after';
  /** Which image a cluster's nodes need for it, beside the pods' own. Default: none. */
  readonly image?: 'tools' | 'node-local-dns';
  /** Why a cluster can't make it. Default: it can. */
  readonly notOnCluster?: string;
  /** What it needs of the topology, where that lacks it. Default: nothing. */
  readonly lacks?: (topology: { readonly resolver?: unknown }) => string | undefined;
  /** Why it can't be made in the middle of a phase. Default: it can. */
  readonly notInPhase?: string;
  /** Why it can't be a fault, or of a remedy. Default: it can be both. */
  readonly notAs?: { readonly fault?: string; readonly remedy?: string };
  /** Whether its effect may outlive the lab, as a program's. */
  readonly outlives?: true;
  /** How it changes a setting of the whole machine, if the run may. */
  readonly onMachine?: OnMachine<C>;
  /** The same change by other means, which leave the machine's settings alone. Default: there is none. */
  readonly emulated?: (change: C) => C;
  /** Whether hash chains may grow too long by it. */
  readonly lengthensChains?: true;
  /** Whether a service's entries may lead to pods that are no longer behind it. */
  readonly leavesStale?: true;
  /** Whether it set nf_conntrack_max to `limit`, when its record says `after`. Default: it did not. */
  readonly setsLimit?: (limit: number, after: Value, squeeze: Squeeze) => boolean;
  /**
   * Makes it on one agent's nodes, where the lab has no way of its own (LabChanges).
   *
   * @throws Error where this lab can't, with the reason
   */
  readonly apply: (change: C, target: Target) => Done | Promise<Done>;
}

type Fields = Readonly<Record<string, z.ZodType>>;
type Schema<K extends string, F extends Fields> = z.ZodObject<
  { readonly [P in keyof F | 'kind']: P extends 'kind' ? z.ZodLiteral<K> : F[P] },
  z.core.$strict
>;

/** Declares a kind of change. `fields` are its schema's, beside `kind`. */
export function defineChange<const K extends string, const F extends Fields>({
  fields,
  ...rest
}: Omit<ChangeKind<K, z.infer<Schema<K, F>>>, 'schema'> & { readonly fields: F }): ChangeKind<
  K,
  z.infer<Schema<K, F>>
> & { readonly schema: Schema<K, F> } {
  const schema = z.strictObject({ kind: z.literal(rest.kind), ...fields }).describe(rest.doc);
  return { ...rest, schema: schema as unknown as Schema<K, F> };
}

/** `apply` of a kind that labs make each in its own way. @param why a lab without one can't */
export function onlyByLab(why: string): () => never {
  return () => {
    throw new Error(why);
  };
}

/** Narrows a change to a kind; undefined where it is of another. */
export function onlyOf<K extends string>(kind: K) {
  return <C extends { readonly kind: string }>(change: C): Extract<C, { kind: K }> | undefined =>
    change.kind === kind ? (change as Extract<C, { kind: K }>) : undefined;
}

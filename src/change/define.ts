import { z } from 'zod';
import type { Done } from './done.ts';
import type { Squeeze } from './squeezes.ts';
import type { Target } from './target.ts';

/** Stands for every node of the lab where a change names a node. */
export const EVERY_NODE = 'all';

/** Which nodes a change is made on depends on these of a lab. */
export interface Layout {
  readonly underTest: string;
  /** The nodes that a set of pods is on. */
  readonly ofPods: (set: string) => readonly string[];
  /** The nodes with pods that look names up, and those with the pods of the cluster's DNS. */
  readonly lookingUp: readonly string[];
  readonly ofDns: readonly string[];
}

/** All that there is to know of one kind of change; docs/reference/changes.md is made of it. */
export interface ChangeKind<K extends string, C> {
  readonly kind: K;
  /** What it does, in a sentence or two. */
  readonly doc: string;
  readonly schema: z.ZodType<C>;
  /** The nodes that it is made on; every node unless said. */
  readonly nodes?: (change: C, layout: Layout) => readonly string[];
  /** Why it takes a real cluster; unless said it does not. */
  readonly cluster?: string;
  /** In a cluster: `made` through its API server, before the nodes do their part; or `after` what is made so. */
  readonly api?: 'made' | 'after';
  /** Why a lab can't make it, by the lab's name. */
  readonly notIn?: Readonly<Record<string, string>>;
  /** Whether it sets what is the whole machine's, where the run may. */
  readonly isGlobal?: (change: C, squeeze: Squeeze) => boolean;
  /** Makes it on the nodes of one agent. @throws Error where this lab can't, with the reason */
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

import type { z } from 'zod';
import type { App } from '../server/apps.ts';
import type { LoadContext } from './context.ts';

/** What every kind of load declares. */
interface Declared<L> {
  /** What it counts, as its figures are named: `requests.failed.rate`, `lookups.p(95)`. */
  readonly unit: string;
  /** How many of them are due in a phase. */
  readonly planned: (load: L) => number;
  /** How long a phase offers it, s; 0 where all of it is offered at once. */
  readonly seconds: (load: L) => number;
  /**
   * How an agent offers it: once, until the last of it has ended. Loaded when it is used. Absent where the harness
   * offers it, in a lab that can.
   */
  readonly runner?: () => Promise<{ readonly run: (load: L, context: LoadContext) => Promise<void> }>;
}

/** What most kinds leave at its default. */
interface Optional<L> {
  /** Operations a second at its busiest. Default: 0, it asks for no more than the machine gives. */
  readonly peakRate: (load: L) => number;
  /**
   * The same load, spread over `pace` times as long; what clients wait for and how many there are stays. Default: as it
   * is, for a load without a rate of its own.
   */
  readonly stretched: (load: L, pace: number) => L;
  /**
   * A short burst of the same operations, all due at once, to measure how many a second the machine can do. Default:
   * undefined, it is too light, or not ours, to be worth it.
   */
  readonly burst: (load: L) => L | undefined;
  /** The apps whose services answer it. Default: undefined, any. */
  readonly answeredBy: readonly App[] | undefined;
  /** How it asks the cluster's DNS: by the C library's resolver, or by queries of its own. Default: undefined, not at all. */
  readonly dns: 'resolver' | 'queries' | undefined;
  /** Keys that name pods, or a service in front of them, which need addresses of their own. Default: none. */
  readonly ownAddresses: readonly string[];
  /** Whether it needs a cluster, or can't be in one, and why. Default: undefined, any lab can offer it. */
  readonly lab: (load: L) => { readonly cluster: boolean; readonly why: string } | undefined;
}

/** A kind of load: all that is not its program. */
export interface LoadKind<L> extends Declared<L>, Optional<L> {
  readonly kind: string;
  readonly summary: string;
}

/** @param schema described: the description is the summary in editors and in the reference */
export function defineLoad<S extends z.ZodObject<{ kind: z.ZodLiteral<string> }>>(
  schema: S,
  declared: Declared<z.infer<S>> & Partial<Optional<z.infer<S>>>,
): LoadKind<z.infer<S>> & { readonly schema: S } {
  return {
    schema,
    kind: schema.shape.kind.value,
    summary: schema.description ?? '',
    peakRate: () => 0,
    stretched: (load) => load,
    burst: () => undefined,
    answeredBy: undefined,
    dns: undefined,
    ownAddresses: [],
    lab: () => undefined,
    ...declared,
  };
}

/** Of a load whose operations are spread evenly over its `seconds`. @param planned how many of them are due */
export function evenly<L extends { readonly seconds: number }>(planned: (load: L) => number) {
  return {
    planned,
    seconds: ({ seconds }: L) => seconds,
    peakRate: (load: L) => planned(load) / load.seconds,
    stretched: (load: L, pace: number): L => ({ ...load, seconds: load.seconds * pace }),
  };
}

/** As good as at once, s: how long a burst is spread over. */
export const AT_ONCE = 0.001;

import type { z } from 'zod';
import type { App } from '../server/apps.ts';
import type { LoadContext } from './context.ts';

/** What every kind of load declares. */
interface Declared<L> {
  /** What it counts, as figures name it: `requests.failed.rate`, `lookups.p(95)`. */
  readonly unit: string;
  /** Number of operations due in a phase. */
  readonly planned: (load: L) => number;
  /** Duration of the offer in a phase, s; 0 where everything is due at once. */
  readonly seconds: (load: L) => number;
  /**
   * Imports the program by which an agent offers it once, until its last operation has ended. Absent where
   * the harness offers it.
   */
  readonly runner?: (load: L) => Promise<{ readonly run: (load: L, context: LoadContext) => Promise<void> }>;
}

/** What most kinds leave at its default. */
interface Optional<L> {
  /** Highest rate, operations per second. Default: 0, no rate of its own. */
  readonly peakRate: (load: L) => number;
  /**
   * The same load spread over `pace` times as long, with the same number of operations and timeouts. Default:
   * unchanged, for a load without a rate of its own.
   */
  readonly stretched: (load: L, pace: number) => L;
  /**
   * A short burst of the same operations, all due at once, to measure how many per second the machine can do.
   * Default: undefined, not worth measuring or not offered by agents.
   */
  readonly burst: (load: L) => L | undefined;
  /**
   * Whether it goes as fast as the machine can, and itself calls `starve` where that was too slow: then a wait for
   * a CPU is no reason to doubt a phase. Default: false.
   */
  readonly ownPace: (load: L) => boolean;
  /** Whether its clients are those of `LoadContext.http`, which take a while to start. Default: false. */
  readonly onThreads: (load: L) => boolean;
  /** The apps whose services answer it. Default: undefined, any. */
  readonly answeredBy: readonly App[] | undefined;
  /**
   * How it queries the cluster's DNS: by the C library's resolver, or by its own queries. Default: undefined,
   * not at all.
   */
  readonly dns: 'resolver' | 'queries' | undefined;
  /** Keys that name pods, or a service before them, that need their own addresses. Default: none. */
  readonly ownAddresses: readonly string[];
  /**
   * What of its author's it runs: a script, a program. Default: undefined, nothing.
   *
   * @param found programs that tablefull found or built itself: no author's
   */
  readonly runs: (load: L, found: readonly string[]) => string | undefined;
  /** Whether it needs a cluster (true) or can't run in one (false), and why. Default: undefined, any lab. */
  readonly lab: (load: L) => { readonly cluster: boolean; readonly why: string } | undefined;
}

/** A kind of load without its program. */
export interface LoadKind<L> extends Declared<L>, Optional<L> {
  readonly kind: string;
  readonly summary: string;
}

/** @param schema its description is the summary in editors and in the reference */
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
    ownPace: () => false,
    onThreads: () => false,
    answeredBy: undefined,
    dns: undefined,
    ownAddresses: [],
    runs: () => undefined,
    lab: () => undefined,
    ...declared,
  };
}

/**
 * Defaults of a load whose operations are spread evenly over its `seconds`.
 *
 * @param planned number of operations due
 */
export function evenly<L extends { readonly seconds: number }>(planned: (load: L) => number) {
  return {
    planned,
    seconds: ({ seconds }: L) => seconds,
    peakRate: (load: L) => planned(load) / load.seconds,
    stretched: (load: L, pace: number): L => ({ ...load, seconds: load.seconds * pace }),
  };
}

/** Duration of a burst, s: practically at once. */
export const AT_ONCE = 0.001;

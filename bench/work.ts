/** What a bench measures: works, each done by several contenders in turn. */

/** One measurement of one contender. */
export interface Sample {
  readonly value: number;
  /** CPU time of the generator by itself, µs per operation; the packets that the kernel sends on its time are in it. */
  readonly cpu?: number;
  /** CPU time of the server, µs per operation. */
  readonly server?: number;
  /** CPU time of the whole machine, µs per operation, and the share of it that was softirq. */
  readonly machine?: number;
  readonly softirq?: number;
  /** What the reader has to know of this figure: failures, a second figure. */
  readonly note?: string;
}

/** Figures of a sample that two contenders can be compared by. */
export type FigureName = 'value' | 'cpu' | 'machine';

/** Who does the work. */
export interface Contender {
  readonly name: string;
  readonly measure: (signal: AbortSignal) => Promise<Sample>;
}

/** Who could not take part, and how to have it take part. */
export interface Missing {
  readonly name: string;
  readonly why: string;
}

/** What is compared: a figure of one contender with that of another in the same round, or with a number. */
export interface Comparison {
  readonly of: string;
  /** The other contender; none: the figure itself is compared with the goal. */
  readonly to?: string;
  readonly figure?: FigureName;
  /** The goal; none: the ratio is only followed over time. */
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Contenders that are ready to be measured, until disposed of. */
export interface Opened extends AsyncDisposable {
  readonly contenders: readonly Contender[];
  readonly missing: readonly Missing[];
}

export interface BenchContext {
  readonly quick: boolean;
  /** A checkout of another version, to be measured beside this one. */
  readonly against: string | undefined;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A row group of the table. */
export interface Work {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** Is a greater figure the better one? */
  readonly better: 'more' | 'less';
  /** In a sandbox of namespaces, or on the machine itself. */
  readonly place: 'sandbox' | 'machine';
  /** How often each contender is measured; in a quick bench 0 leaves the work out. */
  readonly rounds: { readonly full: number; readonly quick: number };
  readonly comparisons: readonly Comparison[];
  /** What is done on the machine before a sandbox is opened, until disposed of. */
  readonly prepare?: (context: BenchContext) => Promise<AsyncDisposable>;
  readonly open: (context: BenchContext) => Promise<Opened>;
}

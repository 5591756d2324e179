/** What a bench measures: works, each done by several contenders in turn. */

/** One measurement of one contender. */
export interface Sample {
  readonly value: number;
  /**
   * CPU time of the generator alone, µs per operation, including the packets that the kernel sends on its
   * time.
   */
  readonly cpu?: number;
  /** CPU time of the server, µs per operation. */
  readonly server?: number;
  /** CPU time of the whole machine, µs per operation, and the share of it that was softirq. */
  readonly machine?: number;
  readonly softirq?: number;
  /** A remark for the reader: failures, a second figure. */
  readonly note?: string;
}

/** Figures of a sample by which two contenders can be compared. */
export type FigureName = 'value' | 'cpu' | 'machine';

/** A program that does the work. */
export interface Contender {
  readonly name: string;
  readonly measure: (signal: AbortSignal) => Promise<Sample>;
}

/** A missing contender, and how to install it. */
export interface Missing {
  readonly name: string;
  readonly why: string;
}

/** Compares a figure of one contender with that of another in the same round, or with a number. */
export interface Comparison {
  readonly of: string;
  /** The other contender; without it the figure itself is compared with the goal. */
  readonly to?: string;
  readonly figure?: FigureName;
  /** The goal; without it the ratio is only followed over time. */
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Contenders ready to be measured, until disposed of. */
export interface Opened extends AsyncDisposable {
  readonly contenders: readonly Contender[];
  readonly missing: readonly Missing[];
}

export interface BenchContext {
  readonly quick: boolean;
  /** A checkout of another version, measured beside this one. */
  readonly against: string | undefined;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A row group of the table. */
export interface Work {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** Whether a greater or a smaller figure is better. */
  readonly better: 'more' | 'less';
  /** In a sandbox of namespaces, or on the machine itself. */
  readonly place: 'sandbox' | 'machine';
  /** How often each contender is measured; 0 leaves the work out of a quick bench. */
  readonly rounds: { readonly full: number; readonly quick: number };
  readonly comparisons: readonly Comparison[];
  /** Prepares the machine before a sandbox is opened, until disposed of. */
  readonly prepare?: (context: BenchContext) => Promise<AsyncDisposable>;
  readonly open: (context: BenchContext) => Promise<Opened>;
}

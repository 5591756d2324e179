import type { Change } from '../change/index.ts';
import type { Load } from '../load/index.ts';
import type { Squeeze } from '../change/squeezes.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { Conditions, HistoryEvent, Phase } from '../schema/history.ts';

/** Receives everything that is observed, in order. */
export type Sink = (event: HistoryEvent) => void;

/**
 * A change that stands in a lab. Undoing reads back what was found before, and records it. Where that fails, and what the
 * change did outlives the lab, the lab tells `onLeft`; undoing again tries only what still stands.
 */
export interface Applied {
  readonly undo: () => Promise<void>;
}

/**
 * Where a scenario runs. A lab knows protocols, changes and phases; it never knows a scenario, and never judges.
 * Disposing of it leaves nothing behind, whatever state it is in.
 */
export interface Lab extends AsyncDisposable {
  /** Keeps what these changes touch, and what every phase relies on, from others until disposed of. */
  reserve(changes: readonly Change[], signal: AbortSignal): Promise<AsyncDisposable>;
  /** Offers the demand once and records the window: phase edges, samples, totals and outcomes. */
  phase(phase: Phase, conditions: Conditions, signal: AbortSignal): Promise<void>;
  /** Operations of this load a second that the lab can do; undefined where it is not measured. */
  capacity(load: Load, signal: AbortSignal): Promise<number | undefined>;
  /** Applies a change now, to the table as it is. @throws Error where the lab can't */
  apply(change: Change, cycle: string, signal: AbortSignal): Promise<Applied>;
  /** Deletes the entries that the demand left in the table; what fills it, and the canaries', stay. */
  clear(signal: AbortSignal): Promise<void>;
  /** Commands that open a shell in a node and in a pod. */
  shells(): readonly string[];
  /** Aborts when the lab is lost under us; its reason says how. */
  readonly lost: AbortSignal;
}

/** What a lab is opened with. */
export interface LabOptions {
  readonly protocol: Protocol;
  /** What may be applied, so that what it takes is there by then: once a table is full nothing can be fetched. */
  readonly changes: readonly Change[];
  readonly squeeze: Squeeze;
  /** May it change what is global? */
  readonly privileged: boolean;
  readonly seed: number;
  /** process.hrtime.bigint() when the run began: event times count from it, in every process. */
  readonly epoch: bigint;
  readonly sink: Sink;
  /** Told of everything outside the lab that could not be put back. */
  readonly onLeft: (what: string) => void;
  /** Told what the user should know: what is waited for, what a dead run had left. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export type OpenLab = (options: LabOptions) => Promise<Lab>;

import type { Change } from '../change/index.ts';
import type { Load } from '../load/index.ts';
import type { Squeeze } from '../change/squeezes.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { Hands } from './hands.ts';
import type { Conditions, HistoryEvent, Phase } from '../schema/history.ts';

/** Receives every observation, in order. */
export type Sink = (event: HistoryEvent) => void;

/**
 * An applied change. Undoing verifies and records the values from before. If that fails and the effect
 * outlives the lab, the lab calls `onLeft`. Undoing again retries only what failed.
 */
export interface Applied {
  readonly undo: () => Promise<void>;
}

/**
 * Where a scenario runs. A lab knows protocols, changes and phases; it knows no scenarios and never judges.
 * Disposing leaves nothing behind, in whatever state the lab is.
 */
export interface Lab extends AsyncDisposable {
  /** Locks what these changes, and every phase, rely on, until disposed. */
  reserve(changes: readonly Change[], signal: AbortSignal): Promise<AsyncDisposable>;
  /** Offers the demand once; records phase edges, samples, totals and outcomes. */
  phase(phase: Phase, conditions: Conditions, signal: AbortSignal): Promise<void>;
  /** Operations of this load per second that the lab can do; undefined where it is not measured. */
  capacity(load: Load, signal: AbortSignal): Promise<number | undefined>;
  /** Applies a change to the table as it is. @throws Error where the lab can't */
  apply(change: Change, cycle: string, signal: AbortSignal): Promise<Applied>;
  /** Deletes the demand's entries. Ballast and the canaries' entries stay. */
  clear(signal: AbortSignal): Promise<void>;
  /** Commands that open a shell in a node and in a pod. */
  shells(): readonly string[];
  /** The way in, for a lab that a person can enter. */
  hands?(): Hands;
  /** The way in by kubectl, for a lab that is a cluster. */
  cluster?(): ClusterAccess;
  /** Aborts when the lab ends unexpectedly; the reason says how. */
  readonly lost: AbortSignal;
}

/** The way into a lab that is a cluster. */
export interface ClusterAccess {
  /** The file that kubectl reads. */
  readonly kubeconfig: string;
  /** Where the demand’s pods are. */
  readonly namespace: string;
  /** Brings an image with a shell and tools to the nodes, for what a person starts there. */
  readonly bringTools: (signal: AbortSignal) => Promise<void>;
}

export interface LabOptions {
  readonly protocol: Protocol;
  /** Changes that may be applied, so that what they need is fetched now: with a full table nothing can be. */
  readonly changes: readonly Change[];
  readonly squeeze: Squeeze;
  /** Whether the lab may change global settings. */
  readonly privileged: boolean;
  readonly seed: number;
  /** process.hrtime.bigint() at the start of the run. Event times count from it, in every process. */
  readonly epoch: bigint;
  readonly sink: Sink;
  /** Called for everything outside the lab that could not be restored. */
  readonly onLeft: (what: string) => void;
  /** Tells the user something: what the lab waits for, what a dead run had left. */
  readonly say: (line: string) => void;
  /** How long to wait for another process that holds the machine's limit, ms; default: WAIT_MS. */
  readonly waitMs?: number | undefined;
  readonly signal: AbortSignal;
}

export type OpenLab = (options: LabOptions) => Promise<Lab>;

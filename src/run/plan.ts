import type { Invalid } from '../judge/invalid.ts';
import type { Lab, OpenLab, Sink } from '../lab/lab.ts';
import type { Measured, Remedy } from '../remedy/remedy.ts';
import type { Change } from '../change/index.ts';
import type { Phase, Untimed } from '../schema/history.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { Squeeze } from '../change/squeezes.ts';
import type { Verdict } from '../schema/verdict.ts';

export type SymptomStatus = Verdict['symptom']['status'];

/** One run, decided to the last detail. */
export interface Plan {
  readonly protocol: Protocol;
  /** Everything but the fault. */
  readonly control: boolean;
  readonly remedies: readonly Remedy[];
  /** Did the user name them? Then nothing is run where none of them applies. */
  readonly remediesNamed: boolean;
  /** Each remedy on a fresh table only; the fault is confirmed once, last. See docs/decisions/0011-a-series-of-remedies.md. */
  readonly singlePass: boolean;
  readonly squeeze: Squeeze;
  readonly privileged: boolean;
  readonly seed: number;
  /** The demand takes at least so many times as long as the scenario says. */
  readonly pace: number;
  /** How many labs remedies are tried in side by side. */
  readonly labs: number;
  readonly epoch: bigint;
}

export interface RunContext {
  readonly openLab: OpenLab;
  readonly sink: Sink;
  /** Records something that the run itself has to say. */
  readonly note: (event: Untimed) => void;
  readonly onLeft: (what: string) => void;
  /** Told what the user should know: what is waited for, what a dead run had left. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** Why what was seen of a phase proves nothing; undefined where it will do. */
  readonly whyRetry: (phase: Phase) => Invalid | undefined;
  /** What clients' time limits are extended by, ms: what this machine was seen to take by itself. */
  readonly slack: () => number;
  /** Waits for so many milliseconds. @throws the signal's reason */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** The symptom's phases are over. @returns the verdict on it: remedies are tried where it is `reproduced` */
  readonly onSymptom: () => SymptomStatus;
  /** What the symptom's phases have shown; undefined where nothing was sampled. */
  readonly measured: () => Measured | undefined;
  /** How much memory is available now, bytes. */
  readonly memory: () => number;
  /** Why the lab can't make a change; undefined where it can. */
  readonly cannot: (change: Change) => string | undefined;
  /** Awaited when all is judged and the first lab still stands; for `--keep-lab`. */
  readonly beforeDown: (lab: Lab) => Promise<void>;
}

import type { Invalid } from '../judge/doubt.ts';
import type { Lab, OpenLab, Sink } from '../lab/lab.ts';
import type { Measured, Remedy } from '../remedy/remedy.ts';
import type { Change } from '../change/index.ts';
import type { Phase, Untimed } from '../schema/history.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { Room } from './room.ts';
import type { Squeeze } from '../change/squeezes.ts';
import type { Verdict } from '../schema/verdict.ts';

export type SymptomStatus = Verdict['symptom']['status'];

/** What a request says of its run. */
export interface RunSettings {
  /** Run everything but the fault. */
  readonly control: boolean;
  readonly remedies: readonly Remedy[];
  /** Whether the user named them: then nothing runs if none applies. Otherwise they are the scenario's. */
  readonly remediesNamed: boolean;
  /** Each remedy on a fresh table only; the fault is confirmed once, last. See docs/decisions/0011-a-series-of-remedies.md. */
  readonly singlePass: boolean;
  readonly squeeze: Squeeze;
  readonly seed: number;
  /** Minimum pace: how many times as long as the scenario says the demand takes. */
  readonly pace: number;
  /** How long to wait for another run that holds the machine's limit, ms; see LabOptions. */
  readonly waitMs?: number | undefined;
}

/** A fully decided run. */
export interface Plan extends RunSettings {
  readonly protocol: Protocol;
  readonly privileged: boolean;
  /** The number of labs that try remedies side by side. */
  readonly labs: number;
  readonly epoch: bigint;
}

export interface RunContext {
  readonly openLab: OpenLab;
  readonly sink: Sink;
  /** Records an event of the run itself. */
  readonly note: (event: Untimed) => void;
  readonly onLeft: (what: string) => void;
  /** Informs the user: what the run waits for, what a dead run had left. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** Why a phase needs a retry; undefined where it does not. */
  readonly whyRetry: (phase: Phase) => Invalid | undefined;
  /** ms added to clients' time limits: what this machine takes without the fault. */
  readonly slack: () => number;
  /** Waits `ms`. @throws the signal's reason */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Called after the symptom's phases. @returns its status: remedies are tried where it is `reproduced` */
  readonly onSymptom: () => SymptomStatus;
  /** Measurements of the symptom's phases; undefined where nothing was sampled. */
  readonly measured: () => Measured | undefined;
  /** What the machine has for a larger table. */
  readonly room: Room;
  /** Why the lab can't make a change; undefined where it can. */
  readonly cannot: (change: Change) => string | undefined;
  /** Awaited after the verdict, before the first lab is taken down; for `--keep-lab`. */
  readonly beforeDown: (lab: Lab) => Promise<void>;
}

import { z } from 'zod';
import type { Gauge } from '../../play/state.ts';

/** What a seat does. */
export type Stage =
  /** Its lab is not there yet. */
  | 'waiting'
  /** Its lab is broken, and the learner can act. */
  | 'ready'
  /** A command is carried out. */
  | 'busy'
  /** Its lab could not be opened, or ended; a reset opens a new one. */
  | 'failed';

/** A seat as the trainer sees it. */
export interface SeatView {
  readonly number: number;
  /** Path of the learner’s page. */
  readonly path: string;
  readonly stage: Stage;
  /** What it does, or why it failed. */
  readonly doing: string;
  readonly gauge: Gauge | undefined;
  /** Bytes, of the lab. */
  readonly memory: number | undefined;
  /** Hints taken, of how many. */
  readonly hints: readonly [taken: number, of: number];
  readonly checks: number;
  readonly outcome: 'open' | 'solved' | 'gave up';
  readonly points: number;
  readonly solvedAfterMs: number | undefined;
  /** Pages and terminals of learners that are connected. */
  readonly pages: number;
  readonly terminals: number;
}

/** The class as the trainer sees it. */
export interface RoomView {
  readonly title: string;
  readonly minutes: number;
  readonly startedAt: number | undefined;
  /** This machine’s clock, ms since 1970. */
  readonly now: number;
  readonly seats: readonly SeatView[];
}

/** A seat as its learner sees it. */
export interface LearnerView {
  readonly number: number;
  readonly title: string;
  readonly startedAt: number | undefined;
  readonly now: number;
  readonly stage: Stage;
  readonly doing: string;
  readonly points: number;
  readonly outcome: SeatView['outcome'];
  /** Nodes and pods in which a terminal opens, the lesson’s own first. */
  readonly places: readonly string[];
  /** What the commands printed. */
  readonly lines: readonly string[];
}

/** Commands of a learner, as in the workshop of one person. */
export const COMMANDS = ['report', 'hint', 'check', 'explain', 'solution', 'reset'] as const;
export type SeatCommand = (typeof COMMANDS)[number];

export const learnerMessageSchema = z.strictObject({
  do: z.enum(COMMANDS).describe('The command of the learner.'),
});

export const trainerMessageSchema = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('start').describe('Show the broken labs to the learners; the clock runs.'),
  }),
  z.strictObject({
    do: z.literal('reset').describe('Give a seat a new lab; the progress stays.'),
    seat: z.number().int().positive().describe('Its number.'),
  }),
]);
export type TrainerMessage = z.infer<typeof trainerMessageSchema>;

/** What a terminal’s page says beside what is typed. */
export const terminalMessageSchema = z.strictObject({
  columns: z.number().int().min(2).max(500).describe('Width of the terminal.'),
  rows: z.number().int().min(2).max(300).describe('Height of the terminal.'),
});

/** What a page sent; undefined, which no schema takes, where it is no JSON. */
export function jsonOf(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString());
  } catch {
    return undefined;
  }
}

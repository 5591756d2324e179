import type { Writable } from 'node:stream';
import type { Tallies, Tally } from './tally.ts';
import type { TimeLeft } from './time-left.ts';

/** A stream that may be a terminal, with its size. */
export type Screen = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** The state of a run, for a display. */
export interface Underway {
  readonly tallies: Tallies;
  readonly left: TimeLeft;
  /** The newest line of the kernel's log about this run. */
  readonly kernel: string | undefined;
}

export interface Display {
  /** Prints a permanent line. @param t ms since the run began */
  say(t: number, line: string): void;
  /** Prints a line without a time. */
  talk(line: string): void;
  /** Shows the active phases. */
  show(t: number, underway: Underway): void;
  close(): void;
}

/** With the lab, where there are several. */
export function phaseName({ phase, lab }: Tally, tallies: Tallies): string {
  return `${tallies.labs > 1 ? `[${String(lab)}] ` : ''}${phase.cycle} ${phase.stage}`;
}

export function stamp(t: number): string {
  return `${(t / 1000).toFixed(1).padStart(6)}s`;
}

import type { Writable } from 'node:stream';
import { count } from '../judge/words.ts';
import { clock } from './clock.ts';
import type { NodeTally, Tallies, Tally } from './tally.ts';
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

/** How far the run is. */
export function footOf({ left, tallies: { running } }: Underway): string {
  if (left.phases === 0) return 'putting everything back';
  const time = left.left === undefined ? '' : `, about ${clock(left.left)} left`;
  const work = running.length === 0 ? ', preparing the next' : '';
  return `${String(left.done)} of ${String(left.done + left.phases)} phases${time}${work}`;
}

/** The nodes of a phase: the one under test, then the fullest first. */
export function nodesOf(tally: Tally, tallies: Tallies): readonly NodeTally[] {
  const tested = tallies.tested(tally);
  const others = [...tally.nodes.values()]
    .filter((node) => node !== tested)
    .toSorted((a, b) => b.last.entries / b.last.limit - a.last.entries / a.last.limit);
  return [...(tested === undefined ? [] : [tested]), ...others];
}

/** The middle one of the latest answers. */
export function latencyOf({ latencies }: Tally): string {
  const middle = latencies.toSorted((a, b) => a - b)[Math.floor(latencies.length / 2)];
  return middle === undefined ? '' : `  ${count(Math.round(middle * 10) / 10)} ms`;
}

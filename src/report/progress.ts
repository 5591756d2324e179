import { immediateOf, wordOf } from '../change/index.ts';
import { sayValue } from '../change/done.ts';
import { printable, printableLine, printableText } from '../util/printable.ts';
import { count } from '../judge/words.ts';
import type { EventOf, HistoryEvent } from '../schema/history.ts';
import type { Talker } from '../run/reporter.ts';
import { wrap } from './layout.ts';
import { clock } from './clock.ts';
import { phaseName, stamp, type Display, type Screen } from './display.ts';
import { liveDisplay } from './live-display.ts';
import { demandSoFar, droppedSoFar, Tallies, type Tally } from './tally.ts';
import { TimeLeft } from './time-left.ts';

export type { Screen } from './display.ts';

/** Columns of a log that is not on a terminal: it may be read on one later. */
const LOG_WIDTH = 80;

interface ProgressOptions {
  /** Print every change and the beginning of each phase, too. */
  readonly verbose?: boolean;
}

/**
 * Shows a run in progress. On a terminal: a redrawn block, and a permanent line per finished phase.
 * Elsewhere: lines with the seconds since the run began.
 */
export function progressReporter(screen: Screen, options: ProgressOptions = {}): Talker {
  return screen.isTTY === true
    ? progressOn(liveDisplay(screen), true, options)
    : progressOn(plainDisplay(screen), false, options);
}

/** @param live whether the display is redrawn: others are told the time left with the phases */
export function progressOn(
  display: Display,
  live: boolean,
  { verbose = false }: ProgressOptions = {},
): Talker {
  let underway: { tallies: Tallies; left: TimeLeft; kernel: string | undefined } | undefined;
  let latest = 0;
  let change: string | undefined;
  /** Shares of the run after which a log says how long the rest takes. */
  let quarters = 0;
  return {
    event(given) {
      const event = printable(given);
      latest = event.t;
      if (event.type === 'run')
        underway = { tallies: new Tallies(event.protocol), left: new TimeLeft(event), kernel: undefined };
      if (underway === undefined) return;
      const { tallies, left } = underway;
      const tally = tallies.count(event);
      left.count(event);
      const line = lineOf(event, tally, tallies, verbose);
      // Each node records the change; equal lines are printed once.
      const again = event.type === 'change' && line === change;
      if (event.type === 'change') change = line;
      const ended = event.type === 'phase' && event.edge === 'end';
      const told = !live && ended && left.passed > quarters / 4 ? leftOf(left) : '';
      if (told !== '') quarters = Math.floor(left.passed * 4) + 1;
      if (line !== undefined && !again) display.say(event.t, `${line}${told}`);
      display.show(event.t, underway);
    },
    log(line) {
      const inode = Number(/\bin netns (\d+)\b/.exec(line)?.[1]);
      const node = underway?.tallies.nodeOf(inode);
      if (underway !== undefined && (node !== undefined || Number.isNaN(inode)))
        underway.kernel = printableLine(`${node === undefined ? '' : `${node}: `}${line}`);
    },
    talk(line) {
      display.talk(printableText(line));
    },
    symptom({ status, reason }) {
      display.say(latest, printableLine(`problem ${status}: ${reason}`));
    },
    end() {
      display.close();
    },
  };
}

/** `; 48 s left`. */
function leftOf({ left, phases }: TimeLeft): string {
  return left === undefined || phases === 0 ? '' : `; ${clock(left)} left`;
}

function plainDisplay(screen: Screen): Display {
  return {
    say(t, line) {
      const indent = ' '.repeat(stamp(t).length + 3);
      const [first = '', ...rest] = wrap(line, LOG_WIDTH - stamp(t).length - 1, '');
      const more = rest.length === 0 ? [] : wrap(rest.join(' '), LOG_WIDTH, indent);
      screen.write(`${[`${stamp(t)} ${first}`, ...more].join('\n')}\n`);
    },
    talk(line) {
      screen.write(`${line}\n`);
    },
    show() {
      // Only a terminal is redrawn.
    },
    close() {
      // Nothing is left open.
    },
  };
}

/** The line of an event; undefined for events that have none. */
function lineOf(
  event: HistoryEvent,
  tally: Tally | undefined,
  tallies: Tallies,
  verbose: boolean,
): string | undefined {
  if (event.type === 'phase' && tally) {
    if (event.edge === 'end') return `${phaseName(tally, tallies)}: ${summary(tally, tallies)}`;
    return verbose ? `${phaseName(tally, tallies)} begins` : undefined;
  }
  if (event.type === 'change') return verbose ? changeLine(event) : undefined;
  if (event.type === 'pace') return paceLine(event, verbose);
  if (event.type === 'retry') return `${event.phase.cycle} ${event.phase.stage}, retry: ${event.reason}`;
  if (event.type === 'not-judged') return `${event.cycle}: ${event.status}, ${event.reason}`;
  if (event.type === 'restore') return restoreLine(event);
  if (event.type === 'end' && event.status !== 'completed') return `${event.status}: ${event.reason}`;
  return undefined;
}

function restoreLine({ status, left }: EventOf<'restore'>): string {
  return status === 'complete'
    ? 'restored: everything is as it was before'
    : `NOT RESTORED: ${left.join('; ')}`;
}

function paceLine({ pace, wanted, capacity, reason }: EventOf<'pace'>, verbose: boolean): string | undefined {
  if (reason !== undefined) return `slowed down: ${count(pace)} × slower than the scenario says`;
  if (capacity === undefined || (pace <= 1 && !verbose)) return undefined;
  const slower = pace > 1 ? `: the demand takes ${count(pace)} × as long` : '';
  return `this machine does ${count(capacity)} operations a second, the demand asks for ${count(wanted)}${slower}`;
}

function summary(tally: Tally, tallies: Tallies): string {
  const node = tallies.tested(tally);
  if (node === undefined) return `${demandSoFar(tally)}; table not sampled`;
  const { last, mostEntries } = node;
  const drop = droppedSoFar(node);
  const table = mostEntries >= last.limit ? 'full' : `${count(mostEntries)} entries`;
  // Short enough for one line; what was not answered failed.
  return [
    `${count(tally.answered)}/${count(tally.planned)} answered`,
    table,
    ...(drop > 0 ? [`drop +${count(drop)}`] : []),
  ].join(', ');
}

function changeLine({ cycle, action, change, before, after, emulated }: EventOf<'change'>): string {
  const name = wordOf(immediateOf(change));
  const value = action === 'undo' ? `back to ${sayValue(after)}` : `${sayValue(before)} → ${sayValue(after)}`;
  return `${cycle}: ${action} ${name}, ${value}${emulated ? ' (emulated)' : ''}`;
}

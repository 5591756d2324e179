import { sayValue } from '../change/done.ts';
import type { Writable } from 'node:stream';
import { createLogUpdate } from 'log-update';
import { printable, printableLine, printableText } from '../util/printable.ts';
import { count } from '../judge/words.ts';
import type { EventOf, HistoryEvent } from '../schema/history.ts';
import { painter, wrap, wrapped, type Paint } from './layout.ts';
import type { Talker } from '../run/reporter.ts';
import { demandSoFar, droppedSoFar, Tallies, type Tally } from './tally.ts';

/** A stream that may be a terminal, with its width. */
export type Screen = Writable & { readonly isTTY?: boolean; readonly columns?: number };

const BAR = { least: 10, most: 40 };
/** Minimum redraw interval of a terminal, ms. */
const REDRAW = 100;

interface Display {
  /** Prints a permanent line. @param t ms since the run began */
  say(t: number, line: string): void;
  /** Prints a line without a time. */
  talk(line: string): void;
  /** Shows the active phases. */
  show(t: number, running: readonly Tally[]): void;
  close(): void;
}

/**
 * Shows a run in progress. On a terminal: a redrawn block, and a permanent line per finished phase.
 * Elsewhere: lines with the seconds since the run began.
 */
export function progressReporter(screen: Screen): Talker {
  const live = screen.isTTY === true;
  const display = live ? liveDisplay(screen) : plainDisplay(screen);
  let tallies: Tallies | undefined;
  let latest = 0;
  let change: string | undefined;
  return {
    event(given) {
      const event = printable(given);
      if (event.type === 'run') tallies = new Tallies(event.protocol);
      const tally = tallies?.count(event);
      const line = lineOf(event, tally);
      const begins = event.type === 'phase' && event.edge === 'start';
      // Each node records the change; equal lines are printed once.
      const again = event.type === 'change' && line === change;
      if (event.type === 'change') change = line;
      if (line !== undefined && !again && !(live && begins)) display.say(event.t, line);
      display.show(event.t, tallies?.running ?? []);
      latest = event.t;
    },
    talk(line) {
      display.talk(printableText(line));
    },
    symptom({ status, reason }) {
      display.say(latest, printableLine(`symptom ${status}: ${reason}`));
    },
    end() {
      display.close();
    },
  };
}

function plainDisplay(screen: Screen): Display {
  return {
    say(t, line) {
      screen.write(`${stamp(t)} ${line}\n`);
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

function liveDisplay(screen: Screen): Display {
  const draw = createLogUpdate(screen as NodeJS.WritableStream);
  const paint = painter(screen);
  let drawn = -Infinity;
  let closed = false;
  return {
    talk(line) {
      if (!closed) draw.clear();
      screen.write(`${wrapped(line, screen.columns)}\n`);
    },
    say(t, line) {
      const indent = ' '.repeat(stamp(t).length + 1);
      const [first = '', ...rest] = wrap(line, (screen.columns ?? 80) - indent.length, '');
      draw.persist(
        [`${paint('dim', stamp(t))} ${first}`, ...rest.map((text) => `${indent}${text}`)].join('\n'),
      );
    },
    show(t, running) {
      if (t - drawn < REDRAW) return;
      drawn = t;
      draw(running.map((tally) => block(tally, t, screen.columns ?? 80, paint)).join('\n'));
    },
    close() {
      closed = true;
      draw.clear();
      draw.done();
    },
  };
}

function block(tally: Tally, t: number, columns: number, paint: Paint): string {
  const seconds = Math.max(0, (t - tally.since) / 1000).toFixed(1);
  const drop = droppedSoFar(tally);
  return [
    `${paint('bold', phaseName(tally))}  ${seconds} s`,
    ...(tally.last ? [bar(tally.last, columns, paint)] : []),
    `${demandSoFar(tally)}${drop > 0 ? `, drop ${paint('red', `+${count(drop)}`)}` : ''}`,
  ].join('\n');
}

function bar({ entries, limit }: EventOf<'sample'>, columns: number, paint: Paint): string {
  const label = `${count(entries)} of ${count(limit)} entries`;
  const width = Math.max(BAR.least, Math.min(BAR.most, columns - label.length - 2));
  const filled = limit > 0 ? Math.min(width, Math.round((entries / limit) * width)) : 0;
  const colour = entries >= limit ? 'red' : entries >= 0.95 * limit ? 'yellow' : 'green';
  return `${paint(colour, '█'.repeat(filled))}${'░'.repeat(width - filled)} ${label}`;
}

/** The line of an event; undefined for events that have none. */
function lineOf(event: HistoryEvent, tally: Tally | undefined): string | undefined {
  if (event.type === 'phase' && tally) {
    return event.edge === 'start' ? `${phaseName(tally)} begins` : `${phaseName(tally)}: ${summary(tally)}`;
  }
  if (event.type === 'change') return changeLine(event);
  if (event.type === 'pace') return paceLine(event);
  if (event.type === 'retry') return `${event.phase.cycle} ${event.phase.stage}, retry: ${event.reason}`;
  if (event.type === 'not-judged') return `${event.cycle}: ${event.status}, ${event.reason}`;
  if (event.type === 'end' && event.status !== 'completed') return `${event.status}: ${event.reason}`;
  return undefined;
}

function paceLine({ pace, wanted, capacity, reason }: EventOf<'pace'>): string | undefined {
  if (reason !== undefined) return `slowed down: ${count(pace)} × slower than the scenario says`;
  if (capacity === undefined) return undefined;
  const slower = pace > 1 ? `: the demand takes ${count(pace)} × as long` : '';
  return `this machine does ${count(capacity)} operations a second, the demand asks for ${count(wanted)}${slower}`;
}

function summary(tally: Tally): string {
  const { last, mostEntries } = tally;
  const table = last
    ? `entries at most ${count(mostEntries)} of ${count(last.limit)}, drop +${count(droppedSoFar(tally))}`
    : 'table not sampled';
  return `${demandSoFar(tally)}; ${table}`;
}

function changeLine({ cycle, action, change, before, after, emulated }: EventOf<'change'>): string {
  const name = change.kind === 'sysctl' ? change.name : change.kind;
  const value = action === 'undo' ? `back to ${sayValue(after)}` : `${sayValue(before)} → ${sayValue(after)}`;
  return `${cycle}: ${action} ${name}, ${value}${emulated ? ' (emulated)' : ''}`;
}

function phaseName({ phase }: Tally): string {
  return `${phase.cycle} ${phase.stage}`;
}

function stamp(t: number): string {
  return `${(t / 1000).toFixed(1).padStart(6)}s`;
}

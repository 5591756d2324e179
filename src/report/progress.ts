import type { Writable } from 'node:stream';
import { createLogUpdate } from 'log-update';
import { count } from '../judge/words.ts';
import type { EventOf, HistoryEvent } from '../run/history.ts';
import { painter, type Paint } from './layout.ts';
import type { Reporter } from './reporter.ts';
import { demandSoFar, tallier, type Tally } from './tally.ts';

/** Where progress is drawn: a terminal's stream says so, and how wide it is. */
export type Screen = Writable & { readonly isTTY?: boolean; readonly columns?: number };

const BAR = { least: 10, most: 40 };

/**
 * A run as it goes. On a terminal one block that is drawn over and over, with a line that stays for each phase
 * that ended; elsewhere plain lines with the seconds since the run began.
 */
export function progressReporter(screen: Screen): Reporter {
  const live = screen.isTTY === true ? liveBlock(screen) : undefined;
  let tally: ReturnType<typeof tallier> | undefined;
  return {
    event(event) {
      if (event.type === 'run') tally = tallier(event.protocol);
      const now = tally?.(event);
      const line = lineOf(event, now);
      if (live) live.show(event, now, line);
      else if (line !== undefined) screen.write(`${stamp(event.t)} ${line}\n`);
    },
    end() {
      live?.close();
    },
  };
}

function liveBlock(screen: Screen) {
  const draw = createLogUpdate(screen as NodeJS.WritableStream);
  const paint = painter(screen);
  return {
    show(event: HistoryEvent, tally: Tally | undefined, line: string | undefined): void {
      const passing = event.type === 'phase' && event.edge === 'start';
      if (line !== undefined && !passing) draw.persist(`${paint('dim', stamp(event.t))} ${line}`);
      if (tally && (passing || event.type === 'sample'))
        draw(block(tally, event.t, screen.columns ?? 80, paint));
    },
    close(): void {
      draw.clear();
      draw.done();
    },
  };
}

function block(tally: Tally, t: number, columns: number, paint: Paint): string {
  const seconds = ((t - tally.since) / 1000).toFixed(1);
  return [
    `${paint('bold', phaseName(tally))}  ${seconds} s`,
    ...(tally.entries === undefined ? [] : [bar(tally, tally.entries, columns, paint)]),
    `${demandSoFar(tally)}${tally.drop > 0 ? `, drop ${paint('red', `+${count(tally.drop)}`)}` : ''}`,
  ].join('\n');
}

function bar({ limit }: Tally, entries: number, columns: number, paint: Paint): string {
  const label = `${count(entries)} of ${count(limit)} entries`;
  const width = Math.max(BAR.least, Math.min(BAR.most, columns - label.length - 2));
  const filled = limit > 0 ? Math.min(width, Math.round((entries / limit) * width)) : 0;
  const colour = entries >= limit ? 'red' : entries >= 0.95 * limit ? 'yellow' : 'green';
  return `${paint(colour, '█'.repeat(filled))}${'░'.repeat(width - filled)} ${label}`;
}

/** The event in one line, where it is worth one. */
function lineOf(event: HistoryEvent, tally: Tally | undefined): string | undefined {
  if (event.type === 'phase' && tally) {
    return event.edge === 'start' ? `${phaseName(tally)} begins` : `${phaseName(tally)}: ${summary(tally)}`;
  }
  if (event.type === 'change') return changeLine(event);
  if (event.type === 'not-judged') return `${event.cycle}: ${event.status}, ${event.reason}`;
  if (event.type === 'end' && event.status !== 'completed') return `${event.status}: ${event.reason}`;
  return undefined;
}

function summary(tally: Tally): string {
  const table = `entries at most ${count(tally.mostEntries)} of ${count(tally.limit)}`;
  return `${demandSoFar(tally)}; ${tally.entries === undefined ? 'table not sampled' : table}, drop +${count(tally.drop)}`;
}

function changeLine({ cycle, action, change, found, readBack, emulated }: EventOf<'change'>): string {
  const name = change.kind === 'sysctl' ? change.name : change.kind;
  return `${cycle}: ${action} ${name}, ${found} → ${readBack}${emulated ? ' (emulated)' : ''}`;
}

function phaseName({ phase }: Tally): string {
  return `${phase.cycle} ${phase.stage}`;
}

function stamp(t: number): string {
  return `${(t / 1000).toFixed(1).padStart(6)}s`;
}

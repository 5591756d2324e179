import { createLogUpdate } from 'log-update';
import { printableLine, printableText } from '../util/printable.ts';
import type { Cell } from '../schema/matrix.ts';
import { isAsExpected } from '../schema/matrix.ts';
import { phases, type Job } from '../matrix/plan.ts';
import type { MatrixReporter } from '../matrix/run-matrix.ts';
import type { Screen } from './progress.ts';
import { painter, wrapped } from './layout.ts';
import { noReporter, type Talker } from '../run/reporter.ts';

/** Redraw interval of a terminal, ms. */
const REDRAW = 250;

/** Other output to the terminal must go through it. */
export type TalkingMatrixReporter = MatrixReporter & Pick<Talker, 'talk'> & Disposable;

/** Prints only explicit lines. */
export const noMatrixReporter = (screen: Screen): TalkingMatrixReporter => ({
  talk: (line) => {
    screen.write(`${printableText(line)}\n`);
  },
  begins: () => noReporter,
  ended: () => undefined,
  [Symbol.dispose]: () => undefined,
});

/** A run under way. */
interface Running {
  readonly name: string;
  /** Which phase it is in. */
  at: string;
  done: number;
}

/**
 * Shows a matrix in progress. On a terminal: a line per active run, finished phases and the remaining time.
 * Elsewhere: a line per finished run.
 */
export function matrixProgress(
  screen: Screen,
  jobs: readonly Job[],
  now: () => number,
): TalkingMatrixReporter {
  const planned = new Set(jobs);
  const all = (): number => [...planned].reduce((sum, job) => sum + phases(job), 0);
  const started = now();
  const running = new Map<Job, Running>();
  const draw = screen.isTTY === true ? createLogUpdate(screen as NodeJS.WritableStream) : undefined;
  const paint = painter(screen);
  let ended = 0;
  let endedJobs = 0;

  const done = (): number => ended + [...running.values()].reduce((sum, run) => sum + run.done, 0);
  const status = (): string => {
    const share = done();
    const left = share === 0 ? '' : `, about ${clock(((now() - started) / share) * (all() - share))} left`;
    return `${String(endedJobs)} of ${String(planned.size)} runs, ${String(share)} of ${String(all())} phases${left}`;
  };
  const show = (): void => {
    const lines = [...running.values()].map(({ name, at }) => `${paint('bold', name)}  ${at}`);
    draw?.([...lines, status()].join('\n'));
  };
  const drawing = draw && setInterval(show, REDRAW).unref();

  const persist = (line: string): void => {
    draw?.clear();
    screen.write(`${draw === undefined ? line : wrapped(line, screen.columns)}\n`);
  };

  return {
    talk: (line) => {
      persist(printableText(line));
    },
    begins(job) {
      const run: Running = { name: nameOf(job), at: 'opening a lab', done: 0 };
      const most = phases(job);
      // A rerun of an inconclusive job is one more.
      planned.add(job);
      running.set(job, run);
      return {
        event(event) {
          if (event.type !== 'phase') return;
          run.at = `${event.phase.cycle} ${event.phase.stage}`;
          if (event.edge === 'end') run.done = Math.min(most, run.done + 1);
        },
      };
    },
    ended(job, cells) {
      running.delete(job);
      ended += phases(job);
      endedJobs += 1;
      const line = printableLine(`${stamp(now() - started)} ${nameOf(job)}: ${tally(cells)}; ${status()}`);
      persist(line);
    },
    [Symbol.dispose]: () => {
      clearInterval(drawing);
      draw?.clear();
      draw?.done();
    },
  };
}

function nameOf({ row, control }: Job): string {
  return control ? `${row.name}, control` : row.name;
}

/** `4 cells as expected, be-liberal cured, expected no-effect`. */
function tally(cells: readonly Cell[]): string {
  const odd = cells.filter((cell) => !isAsExpected(cell));
  const good = cells.length - odd.length;
  return [
    `${String(good)} ${good === 1 ? 'cell' : 'cells'} as expected`,
    ...odd.map(({ remedy, status, expected }) => `${remedy} ${status}, expected ${expected}`),
  ].join('; ');
}

function stamp(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(6)}s`;
}

/** `4 min 10 s`. */
function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${String(seconds)} s` : `${String(minutes)} min ${String(seconds % 60)} s`;
}

import { createLogUpdate } from 'log-update';
import { printableLine, printableText } from '../util/printable.ts';
import type { Screen } from './progress.ts';
import { clock } from './clock.ts';
import { stamp } from './display.ts';
import { painter, wrapped } from './layout.ts';
import { noReporter, type Reporter, type Talker } from '../run/reporter.ts';

/** Redraw interval of a terminal, ms. */
const REDRAW = 250;

/** A run among several: how it is shown, and how many phases it has without retries. */
interface Shown {
  readonly name: string;
  readonly phases: number;
}

/** Shows several runs in progress. Other output to the terminal must go through it. */
export interface RunsProgress<J> extends Pick<Talker, 'talk'>, Disposable {
  begins(job: J): Reporter;
  /** @param told what came of the run, in a line */
  ended(job: J, told: string): void;
}

/** Prints only explicit lines. */
export function noProgress<J>(screen: Screen): RunsProgress<J> {
  return {
    talk: (line) => {
      screen.write(`${printableText(line)}\n`);
    },
    begins: () => noReporter,
    ended: () => undefined,
    [Symbol.dispose]: () => undefined,
  };
}

/** A run under way. */
interface Running {
  readonly name: string;
  /** Which phase it is in. */
  at: string;
  done: number;
}

/**
 * Shows runs in progress. On a terminal: a line per active run, finished phases and the remaining time.
 * Elsewhere: a line per finished run.
 *
 * @param jobs all planned ones
 */
export function runsProgress<J>(
  screen: Screen,
  jobs: readonly J[],
  show: (job: J) => Shown,
  now: () => number,
): RunsProgress<J> {
  // A rerun of a job is one more.
  const planned = jobs.map(show);
  const all = (): number => planned.reduce((sum, { phases }) => sum + phases, 0);
  const started = now();
  const running = new Map<J, Running>();
  const begun = new Set<J>();
  const draw = screen.isTTY === true ? createLogUpdate(screen as NodeJS.WritableStream) : undefined;
  const paint = painter(screen);
  let ended = 0;
  let endedJobs = 0;

  const done = (): number => ended + [...running.values()].reduce((sum, run) => sum + run.done, 0);
  const status = (): string => {
    const share = done();
    const left = share === 0 ? '' : `, about ${clock(((now() - started) / share) * (all() - share))} left`;
    return `${String(endedJobs)} of ${String(planned.length)} runs, ${String(share)} of ${String(all())} phases${left}`;
  };
  const redraw = (): void => {
    const lines = [...running.values()].map(({ name, at }) => `${paint('bold', printableLine(name))}  ${at}`);
    draw?.([...lines, status()].join('\n'));
  };
  const drawing = draw && setInterval(redraw, REDRAW).unref();

  const persist = (line: string): void => {
    draw?.clear();
    screen.write(`${draw === undefined ? line : wrapped(line, screen.columns)}\n`);
  };

  return {
    talk: (line) => {
      persist(printableText(line));
    },
    begins(job) {
      const { name, phases } = show(job);
      if (begun.has(job) || !jobs.includes(job)) planned.push({ name, phases });
      begun.add(job);
      const run: Running = { name, at: 'opening a lab', done: 0 };
      running.set(job, run);
      return {
        event(event) {
          if (event.type !== 'phase') return;
          run.at = `${event.phase.cycle} ${event.phase.stage}`;
          if (event.edge === 'end') run.done = Math.min(phases, run.done + 1);
        },
      };
    },
    ended(job, told) {
      const { name, phases } = show(job);
      running.delete(job);
      ended += phases;
      endedJobs += 1;
      persist(printableLine(`${stamp(now() - started)} ${name}: ${told}; ${status()}`));
    },
    [Symbol.dispose]: () => {
      clearInterval(drawing);
      draw?.clear();
      draw?.done();
    },
  };
}

import type { Cell } from '../schema/matrix.ts';
import { isAsExpected } from '../schema/matrix.ts';
import { phases, type Job } from '../matrix/plan.ts';
import type { MatrixReporter } from '../matrix/run-matrix.ts';
import type { Talker } from '../run/reporter.ts';
import type { Screen } from './progress.ts';
import { noProgress, runsProgress, type RunsProgress } from './runs-progress.ts';

/** Other output to the terminal must go through it. */
type TalkingMatrixReporter = MatrixReporter & Pick<Talker, 'talk'> & Disposable;

/** Prints only explicit lines. */
export function noMatrixReporter(screen: Screen): TalkingMatrixReporter {
  return ofMatrix(noProgress<Job>(screen));
}

/** Shows a matrix in progress. */
export function matrixProgress(
  screen: Screen,
  jobs: readonly Job[],
  now: () => number,
): TalkingMatrixReporter {
  const show = (job: Job) => ({ name: nameOf(job), phases: phases(job) });
  return ofMatrix(runsProgress(screen, jobs, show, now));
}

function ofMatrix(progress: RunsProgress<Job>): TalkingMatrixReporter {
  return {
    ...progress,
    ended: (job, cells) => {
      progress.ended(job, tally(cells));
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

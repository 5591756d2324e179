import type { Cell } from '../schema/matrix.ts';
import { isAsExpected } from '../schema/result.ts';
import { phases, type Job } from '../matrix/plan.ts';
import type { MatrixReporter } from '../matrix/run-matrix.ts';
import type { Talker } from '../run/reporter.ts';
import type { Screen } from './progress.ts';
import { noProgress, runsProgress } from './runs-progress.ts';

/** Shows a matrix in progress. @param quiet print only explicit lines */
export function matrixProgress(
  screen: Screen,
  jobs: readonly Job[],
  quiet: boolean,
  now: () => number,
): MatrixReporter & Pick<Talker, 'talk'> & Disposable {
  const show = (job: Job) => ({ name: nameOf(job), phases: phases(job) });
  const progress = quiet ? noProgress<Job>(screen) : runsProgress(screen, jobs, show, now);
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

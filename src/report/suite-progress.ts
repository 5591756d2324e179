import { phasesOf } from '../run/phases-of.ts';
import type { PlannedRun } from '../suite/plan.ts';
import type { SuiteReporter } from '../suite/run-suite.ts';
import type { Talker } from '../run/reporter.ts';
import type { Screen } from './progress.ts';
import { noProgress, runsProgress } from './runs-progress.ts';

/** Shows a suite in progress. @param quiet print only explicit lines */
export function suiteProgress(
  screen: Screen,
  runs: readonly PlannedRun[],
  quiet: boolean,
  now: () => number,
): SuiteReporter & Pick<Talker, 'talk'> & Disposable {
  const show = ({ name, request }: PlannedRun) => ({ name, phases: phasesOf(request) });
  const progress = quiet ? noProgress<PlannedRun>(screen) : runsProgress(screen, runs, show, now);
  return {
    ...progress,
    ended: (run, { outcome }) => {
      progress.ended(run, `${outcome.headline}: ${outcome.summary}`);
    },
  };
}

import { leftOf, shortened } from '../judge/run-outcome.ts';
import { combined, notRestored, type Interruption, type Outcome } from '../schema/outcome.ts';
import type { Suite, SuiteRunResult } from '../schema/suite.ts';

/**
 * The outcome of a suite: that of its worst run, with the headlines and exit codes of a run.
 *
 * @param begun the outcomes of the runs that began
 * @param by the signal that ended it early
 */
export function suiteOutcome(
  { runs, restore }: Pick<Suite, 'runs' | 'restore'>,
  begun: readonly Outcome[],
  by: Interruption | undefined,
): Outcome {
  const left = leftOf(restore);
  if (left !== undefined) return notRestored(left);
  const all = combined(begun, { noun: 'runs', planned: runs.length, by });
  if (all.headline === 'INTERRUPTED') return all;
  const many = runs.length === 1 ? '1 run' : `${String(runs.length)} runs`;
  if (all.headline === 'PASSED') {
    const results = runs.flatMap((run) => run.results).filter(({ result }) => result === 'passed').length;
    return { ...all, summary: `${many}, ${String(results)} results as expected` };
  }
  const bad = runs.filter(({ outcome }) => outcome.headline === all.headline);
  const named = bad.map(({ name, outcome }) => `${name}: ${outcome.summary}`);
  return {
    ...all,
    summary: `${String(bad.length)} of ${many} ${all.headline}; ${shortened(named, '; ')}`,
  };
}

/** What does not hold in a run. Of an interrupted one that is what failed: the rest it did not come to. */
export function oddResults({ results, outcome }: SuiteRunResult): SuiteRunResult['results'] {
  const unclear = outcome.headline !== 'INTERRUPTED';
  return results.filter(({ result }) => result === 'failed' || (result === 'inconclusive' && unclear));
}

import type { Result } from '../schema/suite.ts';
import type { Verdict } from '../schema/verdict.ts';

/**
 * What must hold in a run, and whether it does: the symptom, the remedies, the expectations.
 *
 * @param stated the names whose status the user stated: they are not excused where they were skipped
 */
export function resultsOf(
  { symptom, remedies, expectations = [] }: Verdict,
  stated: Readonly<Record<string, string>> = {},
): readonly Result[] {
  const judged = [
    { about: 'symptom', ...symptom },
    ...remedies.map((each) => ({ about: each.name, ...each })),
  ];
  const statuses = judged.map(({ about, status, expected, reason, figures }) => ({
    name: `${about} is ${expected}`,
    about,
    status,
    expected,
    reason,
    figures,
  }));
  const met = expectations.map(({ phase, expectation, status, reason, figures }) => ({
    name: `${phase}: ${expectation}`,
    about: phase,
    status,
    expected: 'met',
    reason,
    figures,
  }));
  return [...statuses, ...met].map((each) => ({ ...each, result: resultOf(each, isStated(each, stated)) }));
}

/** An expectation of a skipped remedy is skipped with it. */
function isStated({ about, expected }: Pick<Result, 'about' | 'expected'>, stated: object): boolean {
  return expected !== 'met' && Object.hasOwn(stated, about);
}

function resultOf(
  { status, expected }: Pick<Result, 'status' | 'expected'>,
  stated: boolean,
): Result['result'] {
  if (status === 'inconclusive') return 'inconclusive';
  if (status === expected) return status === 'skipped' ? 'skipped' : 'passed';
  return status === 'skipped' && !stated ? 'skipped' : 'failed';
}

import type { Result } from '../schema/suite.ts';
import type { Verdict } from '../schema/verdict.ts';

/** A result, and the expectation that it is about; undefined for a status of the symptom or a remedy. */
interface Judged extends Result {
  readonly expectation: string | undefined;
}

/**
 * What must hold in a run, and whether it does: the symptom, the remedies, the expectations.
 *
 * @param stated the names whose status the user stated: they are not excused where they were skipped
 */
export function resultsOf(
  { symptom, remedies, expectations = [] }: Verdict,
  stated: Readonly<Record<string, string>> = {},
): readonly Judged[] {
  const judged = [
    { about: 'symptom', ...symptom },
    ...remedies.map((each) => ({ about: each.name, ...each })),
  ];
  const statuses = judged.map(({ about, status, expected, reason, figures }) => ({
    name: `${about} is ${expected}`,
    expectation: undefined,
    about,
    status,
    expected,
    reason,
    figures,
  }));
  const met = expectations.map(({ phase, expectation, status, reason, figures }) => ({
    name: `${phase}: ${expectation}`,
    expectation,
    about: phase,
    status,
    expected: 'met',
    reason,
    figures,
  }));
  return [...statuses, ...met].map((each) => ({ ...each, result: resultOf(each, isStated(each, stated)) }));
}

/** An expectation of a skipped remedy is skipped with it. */
function isStated({ about, expectation }: Pick<Judged, 'about' | 'expectation'>, stated: object): boolean {
  return expectation === undefined && Object.hasOwn(stated, about);
}

function resultOf(
  { status, expected }: Pick<Result, 'status' | 'expected'>,
  stated: boolean,
): Result['result'] {
  if (status === 'inconclusive') return 'inconclusive';
  if (status === expected) return status === 'skipped' ? 'skipped' : 'passed';
  return status === 'skipped' && !stated ? 'skipped' : 'failed';
}

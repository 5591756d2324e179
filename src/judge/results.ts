import { resultOf } from '../schema/result.ts';
import type { Result } from '../schema/suite.ts';
import type { Verdict } from '../schema/verdict.ts';

/** A result, and the expectation that it is about; undefined for a status of the symptom or a remedy. */
export interface JudgedResult extends Result {
  readonly expectation: string | undefined;
}

/** What must hold in a run, and whether it does: the symptom, the remedies, the expectations. */
export function resultsOf({
  symptom,
  remedies,
  expectations = [],
}: Pick<Verdict, 'symptom' | 'remedies' | 'expectations'>): readonly JudgedResult[] {
  const judged = [
    { about: 'symptom', ...symptom },
    ...remedies.map((each) => ({ about: each.name, ...each })),
  ];
  return [
    ...judged.map(({ about, status, expected, stated, reason, figures }) => ({
      name: `${about} is ${expected}`,
      expectation: undefined,
      ...{ about, status, expected, reason, figures },
      result: resultOf({ status, expected, stated }),
    })),
    ...expectations.map(({ phase, expectation, status, reason, figures }) => ({
      name: `${phase}: ${expectation}`,
      expectation,
      ...{ about: phase, status, expected: 'met', reason, figures },
      // An expectation of a skipped remedy is skipped with it.
      result: resultOf({ status, expected: 'met' }),
    })),
  ];
}

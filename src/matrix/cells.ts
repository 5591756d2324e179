import type { Blames, Verdict } from '../schema/verdict.ts';
import { CONTROL, SYMPTOM, type Cell } from '../schema/matrix.ts';
import type { Job, Row } from './plan.ts';

/** A job, as far as its cells need it. */
type Finished = Pick<Job, 'control' | 'given'> & {
  readonly row: Pick<Row, 'given'> & { readonly scenario: Pick<Row['scenario'], 'name'> };
};

/** The cells of one run’s verdict. @param run its folder, relative to the matrix’ */
export function cellsOf({ row, control, given }: Finished, verdict: Verdict, run: string): readonly Cell[] {
  const common = {
    scenario: row.scenario.name,
    params: { ...row.given },
    compressed: verdict.compressed ?? null,
    run,
  };
  const { symptom, remedies } = verdict;
  const unclear = symptom.status === 'inconclusive';
  return [
    { ...common, remedy: control ? CONTROL : SYMPTOM, emulated: false, ...symptom },
    ...remedies.map(({ name, status, emulated, reason, blames, figures, ...verdictOf }) => {
      const expected = given.get(name)?.known === false ? null : verdictOf.expected;
      const cell = { ...common, remedy: name, expected, emulated, figures };
      // Not tried because the symptom was inconclusive: that is no verdict.
      if (unclear)
        return {
          ...cell,
          status: 'inconclusive' as const,
          reason: `symptom: ${symptom.reason}`,
          ...blaming(symptom.blames),
        };
      return { ...cell, status, reason, ...blaming(blames) };
    }),
  ];
}

function blaming(blames: Blames | undefined): Pick<Cell, 'blames'> {
  return blames === undefined ? {} : { blames };
}

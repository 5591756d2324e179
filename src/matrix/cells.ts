import type { Verdict } from '../schema/verdict.ts';
import { CONTROL, SYMPTOM, type Cell } from '../schema/matrix.ts';
import type { Job } from './plan.ts';

/** The cells that one run’s verdict fills. @param run its folder, seen from the matrix’ own */
export function cellsOf({ row, control }: Job, verdict: Verdict, run: string): readonly Cell[] {
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
    ...remedies.map(({ name, status, expected, emulated, reason, figures }) => {
      const cell = { ...common, remedy: name, expected, emulated, figures };
      // It was not tried because nobody could tell whether there was anything to cure: that is no verdict.
      if (unclear) return { ...cell, status: 'inconclusive' as const, reason: `symptom: ${symptom.reason}` };
      return { ...cell, status, reason };
    }),
  ];
}

import type { Verdict } from '../judge/verdict.ts';
import { CONTROL, SYMPTOM, type Cell } from './document.ts';
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
  return [
    { ...common, remedy: control ? CONTROL : SYMPTOM, emulated: false, ...symptom },
    ...remedies.map(({ name, status, expected, emulated, reason, figures }) => {
      return { ...common, remedy: name, status, expected, emulated, reason, figures };
    }),
  ];
}

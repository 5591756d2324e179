import type { PlannedRun } from '../../suite/plan.ts';
import type { SuiteRun } from '../../schema/suite-file.ts';
import type { Tried } from './thresholds.ts';

/** The statuses that a run of a suite states, by what they are of. */
export function expectedOf({ symptom }: SuiteRun, tried: readonly Tried[]): Readonly<Record<string, string>> {
  const stated = tried.flatMap(({ remedy, expected }) =>
    expected === undefined ? [] : [[remedy.name, expected] as const],
  );
  return { ...Object.fromEntries(stated), ...(symptom !== undefined && { symptom }) };
}

/** Where a suite states what a result is about; the scenario where it does not. */
export function placeOf(
  [about, expectation]: Parameters<PlannedRun['lineOf']>,
  { symptom, remedies, thresholds }: SuiteRun,
  written: ReadonlyMap<string, string>,
): string {
  const as = written.get(about) ?? about;
  if (expectation !== undefined) {
    const phase = [as, about].find((each) => thresholds[each]?.includes(expectation) === true);
    return phase === undefined
      ? 'scenario'
      : `thresholds.${phase}.${String(thresholds[phase]?.indexOf(expectation))}`;
  }
  if (about === 'symptom') return symptom === undefined ? 'scenario' : 'symptom';
  return remedies === undefined ? 'scenario' : `remedies.${as}`;
}

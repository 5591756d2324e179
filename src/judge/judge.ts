import type { History } from '../schema/history.ts';
import type { Run } from '../history/run.ts';
import { judgeExpectations } from './expectations.ts';
import { Observations } from './observations.ts';
import { judgeRemedy } from './remedy.ts';
import { endedOf, runOutcome, type Judged } from './run-outcome.ts';
import { resultsOf } from './results.ts';
import { judgeSymptom } from './symptom.ts';
import type { RemedyVerdict, Verdict } from '../schema/verdict.ts';
import { isGood } from '../schema/result.ts';
import type { RunHeader } from '../schema/run-header.ts';

/**
 * Judges a run from its history alone, so that an old run can be judged again.
 *
 * @param history may break off anywhere
 * @param run the run's folder, named in the verdict
 * @throws Error where the history has no header, or its header expects an unknown status
 */
export function judge(history: History, run = ''): Verdict {
  const observations = new Observations(history);
  const seconds = history.reduce((last, { t }) => Math.max(last, t), 0) / 1000;
  const judged: Judged = { ...judgeAll(observations), run, seconds };
  return { ...judged, outcome: runOutcome(judged, endedOf(observations.run)) };
}

function judgeAll(observations: Observations): Omit<Judged, 'run' | 'seconds'> {
  const { run, header } = observations;
  const symptom = { ...judgeSymptom(observations), ...statedOf(header, 'symptom') };
  const remedies = header.control ? [] : header.remedies.map((name) => remedyOf(observations, name, symptom));
  const expectations = [...judgeExpectations(observations, remedies)];
  return {
    schema: 'tablefull/verdict/v1',
    scenario: header.scenario,
    lab: header.lab,
    kernel: header.kernel,
    squeeze: run.ofType('squeeze').find(({ cycle }) => cycle === 'symptom')?.report ?? {
      kind: header.squeeze,
      asked: {},
      got: {},
    },
    symptom,
    remedies,
    ...(expectations.length > 0 && { expectations }),
    ...(header.protocol.compressed !== undefined && { compressed: header.protocol.compressed }),
    ...paceFound(run),
    restore: restoreOf(run),
    asExpected:
      resultsOf({ symptom, remedies, expectations }).every(({ result }) => isGood(result)) &&
      // Where the symptom was skipped, nothing ran.
      (symptom.status !== 'skipped' || symptom.expected === 'skipped'),
  };
}

/** The slowest pace of the run, where it was measured. */
function paceFound(run: Run): Pick<Judged, 'pace'> {
  const paces = run.ofType('pace').map(({ pace }) => pace);
  return paces.length > 0 ? { pace: Math.max(...paces) } : {};
}

/** A single-pass run has no live phase, however it ended. */
function remedyOf(observations: Observations, name: string, symptom: Verdict['symptom']): RemedyVerdict {
  const verdict = judgeRemedy(observations, name, symptom);
  const { header } = observations;
  return {
    ...verdict,
    ...statedOf(header, name),
    ...(header.singlePass && { inFlight: 'skipped' as const }),
  };
}

/** Whether the user stated a status of the symptom or of a remedy. */
function statedOf({ expect }: RunHeader, name: string): Pick<RemedyVerdict, 'stated'> {
  return Object.hasOwn(expect, name) ? { stated: true } : {};
}

/** `unknown` for a killed run: its history does not say what it left. */
function restoreOf(run: Run): Verdict['restore'] {
  const restore = run.ofType('restore').at(-1);
  return restore ? { status: restore.status, left: restore.left } : { status: 'unknown', left: [] };
}

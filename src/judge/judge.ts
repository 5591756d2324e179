import type { History, RunHeader } from '../schema/history.ts';
import type { Run } from '../history/run.ts';
import { judgeExpectations } from './expectations.ts';
import { Observations } from './observations.ts';
import { judgeRemedy } from './remedy.ts';
import { endedOf, runOutcome, type Judged } from './run-outcome.ts';
import { judgeSymptom } from './symptom.ts';
import type { RemedyVerdict, Verdict } from '../schema/verdict.ts';

/**
 * What a run proved: a pure function of its history, so that an old run can be judged again.
 *
 * @param history as recorded, or as read from a run's folder; it may break off anywhere
 * @param run the run's folder, only to be named in the verdict
 * @throws Error where the history has no header, or its header expects what can't be
 */
export function judge(history: History, run = ''): Verdict {
  const observations = new Observations(history);
  const seconds = history.reduce((last, { t }) => Math.max(last, t), 0) / 1000;
  const judged: Judged = { ...judgeAll(observations), run, seconds };
  return { ...judged, outcome: runOutcome(judged, endedOf(observations.run)) };
}

function judgeAll(observations: Observations): Omit<Judged, 'run' | 'seconds'> {
  const { run, header } = observations;
  const symptom = judgeSymptom(observations);
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
      isAsExpected(symptom) &&
      remedies.every((remedy) => isAsExpected(remedy) || isExcused(header, remedy)) &&
      expectations.every(({ status }) => status === 'met' || status === 'skipped'),
  };
}

/** Of a run whose pace was measured, the slowest that it went at. */
function paceFound(run: Run): Pick<Judged, 'pace'> {
  const paces = run.ofType('pace').map(({ pace }) => pace);
  return paces.length > 0 ? { pace: Math.max(...paces) } : {};
}

/** A brief run has no phase in flight, however it ended. */
function remedyOf(observations: Observations, name: string, symptom: Verdict['symptom']): RemedyVerdict {
  const verdict = judgeRemedy(observations, name, symptom);
  return observations.header.brief ? { ...verdict, inFlight: 'skipped' } : verdict;
}

/** Nobody can expect to learn nothing: `inconclusive` is never as expected. */
function isAsExpected({ status, expected }: { readonly status: string; readonly expected: string }): boolean {
  return status !== 'inconclusive' && status === expected;
}

/** A remedy that could not be tried here fails nothing, unless the user asked for it by name. */
function isExcused(header: RunHeader, { name, status }: RemedyVerdict): boolean {
  return status === 'skipped' && header.expect[name] === undefined;
}

/** Of a run that was killed nobody knows what it has left: it must not look clean, nor as if something were there. */
function restoreOf(run: Run): Verdict['restore'] {
  const restore = run.ofType('restore').at(-1);
  return restore ? { status: restore.status, left: restore.left } : { status: 'unknown', left: [] };
}

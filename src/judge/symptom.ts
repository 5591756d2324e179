import { SYMPTOM_STATUSES } from '../schema/protocol.ts';
import { figure } from '../figure/compute.ts';
import type { Run } from '../history/run.ts';
import { nameCulprit } from './culprit.ts';
import { doubtAbout, type Doubt } from './doubt.ts';
import { figuresOf } from '../schema/expectation.ts';
import { allHold } from './expectation.ts';
import { limitMovedBetween } from './limit.ts';
import type { Observation } from './observation.ts';
import type { Observations } from './observations.ts';
import { asStatus } from './status.ts';
import type { Figures, Verdict } from '../schema/verdict.ts';
import type { RunHeader } from '../schema/run-header.ts';

type Symptom = Verdict['symptom'];
type Judgement = Pick<Symptom, 'status' | 'reason' | 'blames'>;

/**
 * Judges the symptom by the phases `baseline` and `fault`, as soon as both are over. The figures are the
 * fault's; shown ones are there as `baseline.NAME` too.
 */
export function judgeSymptom(observations: Observations): Symptom {
  const { run, header } = observations;
  const expected = expectedSymptom(header);
  const [excuse] = run.ofType('not-judged').filter(({ cycle }) => cycle === 'symptom');
  if (excuse) return { status: excuse.status, expected, reason: excuse.reason, figures: {} };
  try {
    const baseline = observations.of('symptom', 'baseline');
    const fault = observations.of('symptom', 'fault');
    const figures = compared(header, baseline.figures, fault.figures);
    return { ...compare(run, baseline, fault), expected, figures };
  } catch (error) {
    return { status: 'inconclusive', expected, reason: `the judge failed: ${String(error)}`, figures: {} };
  }
}

/** A control has no fault, so the symptom must not show, whatever the scenario expects. */
function expectedSymptom(header: RunHeader): Symptom['expected'] {
  const own = header.expect.symptom;
  if (own !== undefined) return asStatus(own, SYMPTOM_STATUSES, 'symptom');
  return header.control ? 'not-reproduced' : header.protocol.symptom.expected;
}

function compare(run: Run, baseline: Observation, fault: Observation): Judgement {
  const { header } = run;
  const { when, finding, provenBy } = header.protocol.symptom;
  const doubt = doubtful(run, baseline, fault);
  if (doubt !== undefined) return { status: 'inconclusive', ...doubt };
  const others = { baseline: baseline.figures };
  const seen = allHold(when, fault.figures, others);
  const before = allHold(when, baseline.figures, others);
  if (seen.met === undefined) return { status: 'inconclusive', reason: `in the fault phase ${seen.why}` };
  if (before.met === undefined) return { status: 'inconclusive', reason: `in the baseline ${before.why}` };
  if (before.met) {
    return {
      status: 'inconclusive',
      reason: `the symptom shows in the baseline already: ${baseline.account}`,
    };
  }
  if (seen.met) {
    const culprit = nameCulprit(run, fault.figures);
    return { status: 'reproduced', reason: [fault.account, ...(culprit ? [culprit] : [])].join('; ') };
  }
  const tested = allHold(header.control ? [] : provenBy, fault.figures);
  if (tested.met !== true)
    return {
      status: 'inconclusive',
      reason: `precondition not met in the fault phase: ${tested.why}`,
    };
  const why = finding !== undefined && !header.control ? `; ${finding}` : '';
  return { status: 'not-reproduced', reason: `${seen.why}: ${fault.account}${why}` };
}

function doubtful(run: Run, baseline: Observation, fault: Observation): Doubt | undefined {
  if (fault.invalid !== undefined) return doubtAbout('fault phase', fault.invalid);
  if (baseline.invalid !== undefined) return doubtAbout('baseline', baseline.invalid);
  const moved = limitMovedBetween(run, baseline, fault);
  return moved === undefined ? undefined : doubtAbout('fault phase', { reason: moved });
}

/** The fault's figures, and the baseline's of those shown or judged. */
function compared(header: RunHeader, baseline: Figures, fault: Figures): Figures {
  const { show, symptom } = header.protocol;
  const names = [...show, symptom.loss, ...symptom.when.flatMap(figuresOf)];
  const pick = (figures: Figures, prefix: string): Figures =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = figure(figures, name);
        return value === undefined ? [] : [[`${prefix}${name}`, value]];
      }),
    );
  return { ...fault, ...pick(fault, ''), ...pick(baseline, 'baseline.') };
}

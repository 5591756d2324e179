import { parseExpectation } from '../schema/expectation.ts';
import { doubtAbout, type Doubt } from './doubt.ts';
import { figuresIn, finding } from './expectation.ts';
import type { Observation } from './observation.ts';
import type { Observations } from './observations.ts';
import type { ExpectationVerdict, RemedyVerdict } from '../schema/verdict.ts';
import { count } from './words.ts';
import type { RunHeader } from '../schema/run-header.ts';

/**
 * Judges the scenario's further expectations, each in its phase. A control has only the baseline.
 *
 * @param remedies their verdicts: expectations of a skipped remedy are skipped
 */
export function judgeExpectations(
  observations: Observations,
  remedies: readonly RemedyVerdict[],
): readonly ExpectationVerdict[] {
  const { header } = observations;
  return Object.entries(header.protocol.expectations).flatMap(([phase, texts]) => {
    if (!isObserved(header, phase)) return [];
    const skipped = remedies.find(({ name, status }) => name === phase && status === 'skipped');
    return texts.map((text) => ({
      phase,
      expectation: text,
      ...(skipped === undefined
        ? judged(observations, phase, text)
        : unjudged('skipped', { reason: skipped.reason })),
    }));
  });
}

function isObserved({ control, protocol, remedies }: RunHeader, phase: string): boolean {
  if (protocol.skip !== undefined) return false;
  if (phase === 'baseline') return true;
  return !control && (phase === 'fault' || remedies.includes(phase));
}

type Judgement = Pick<ExpectationVerdict, 'status' | 'reason' | 'blames' | 'figures'>;

function judged(observations: Observations, phase: string, text: string): Judgement {
  const expectation = parseExpectation(text);
  const { term, other } = expectation;
  const of = observationOf(observations, phase);
  const named = new Set([term, other].flatMap((each) => each?.phase ?? []));
  const others = [...named].map((name) => [name, observationOf(observations, name)] as const);
  const [doubt] = [of, ...others.map(([, each]) => each)].flatMap(({ phase: { stage }, invalid }) =>
    invalid === undefined ? [] : [doubtAbout(stage, invalid)],
  );
  if (doubt !== undefined) return unjudged('inconclusive', doubt);
  const context = Object.fromEntries(others.map(([name, { figures }]) => [name, figures]));
  const found = finding(expectation, of.figures, context);
  const figures = figuresIn(expectation, of.figures, context);
  if (found.met === undefined) return { ...unjudged('inconclusive', { reason: found.why }), figures };
  const values = Object.entries(figures).map(([name, value]) => `${name} is ${count(value)}`);
  return found.met
    ? { status: 'met', reason: values.join(', '), figures }
    : { status: 'not-met', reason: found.why, figures };
}

function observationOf(observations: Observations, phase: string): Observation {
  return phase === 'baseline' || phase === 'fault'
    ? observations.of('symptom', phase)
    : observations.of(phase, 'fresh');
}

function unjudged(status: 'inconclusive' | 'skipped', doubt: Doubt): Judgement {
  return { status, ...doubt, figures: {} };
}

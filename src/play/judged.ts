import { judgeRemedy } from '../judge/remedy.ts';
import { judgeSymptom } from '../judge/symptom.ts';
import { Observations } from '../judge/observations.ts';
import type { History } from '../schema/history.ts';
import type { RemedyVerdict, Verdict } from '../schema/verdict.ts';
import { HANDS } from './view.ts';

/** The judge's word on what stands, as on a remedy. */
interface JudgedHands {
  readonly symptom: Verdict['symptom'];
  readonly hands: RemedyVerdict;
}

/** @param history see viewOf */
export function judgeHands(history: History): JudgedHands {
  const observations = new Observations(history);
  const symptom = judgeSymptom(observations);
  return { symptom, hands: judgeRemedy(observations, HANDS, symptom) };
}

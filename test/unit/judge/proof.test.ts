import { describe, expect, it } from 'vitest';
import { Observations } from '../../../src/judge/observations.ts';
import { judgeSymptom } from '../../../src/judge/symptom.ts';
import { HistoryBuilder, MET, PROTOCOL, LOSSY } from './history-builder.ts';

describe('a symptom that stays away', () => {
  const judged = (expectation: string, control = false) => {
    const symptom = { ...PROTOCOL.symptom, provenBy: [expectation] };
    return judgeSymptom(
      new Observations(new HistoryBuilder({ protocol: { symptom }, control }).symptom(MET).over()),
    );
  };

  it('is a finding only where its precondition is met', () => {
    expect(judged('requests.answered > 0').status).toBe('not-reproduced');
    expect(judged('drop.delta > 0')).toMatchObject({
      status: 'inconclusive',
      reason: 'precondition not met in the fault phase: drop.delta is 0, not > 0',
    });
  });

  it('needs no proof in a control, nor where it shows', () => {
    expect(judged('drop.delta > 0', true).status).toBe('not-reproduced');
    const symptom = { ...PROTOCOL.symptom, provenBy: ['requests.answered < 0'] };
    const shown = judgeSymptom(
      new Observations(new HistoryBuilder({ protocol: { symptom } }).symptom(LOSSY).over()),
    );
    expect(shown.status).toBe('reproduced');
  });
});

import { describe, expect, it } from 'vitest';
import { Observations } from '../../../src/judge/observations.ts';
import { judgeSymptom } from '../../../src/judge/symptom.ts';
import { judgeRemedy } from '../../../src/judge/remedy.ts';
import { HistoryBuilder, PROTOCOL, LOSSY, type PhaseStory } from './history-builder.ts';

/** As beside a namespace whose entries fill 512 buckets: nothing is answered, and the table is never full. */
const CROWDED: PhaseStory = {
  offered: 200,
  answered: 0,
  entries: [20, 25],
  counters: { insert_failed: 290, chaintoolong: 290 },
};
const REASON =
  'insert_failed +290, of which chaintoolong +290: hash chains were too long; all network namespaces share the hash';

describe('a phase in which others’ entries filled the hash', () => {
  it('is inconclusive, and its reason names chaintoolong', () => {
    expect(judgeSymptom(new Observations(new HistoryBuilder().symptom(CROWDED).over()))).toMatchObject({
      status: 'inconclusive',
      reason: `fault phase: ${REASON}`,
    });
    expect(judgeSymptom(new Observations(new HistoryBuilder().symptom(LOSSY, CROWDED).over()))).toMatchObject(
      {
        status: 'inconclusive',
        reason: `baseline: ${REASON}`,
      },
    );
  });

  it('is judged where so few failed by it that they tip nothing', () => {
    const few = { ...LOSSY, counters: { drop: 150, insert_failed: 4, chaintoolong: 4 } };
    expect(judgeSymptom(new Observations(new HistoryBuilder().symptom(few).over())).status).toBe(
      'reproduced',
    );
  });

  it('is judged where long chains are the fault', () => {
    const protocol = {
      fault: { kind: 'buckets' as const, times: 0.01 },
      symptom: { ...PROTOCOL.symptom, when: ['requests.failed.rate > 0.2', 'chaintoolong.delta > 0'] },
    };
    expect(
      judgeSymptom(new Observations(new HistoryBuilder({ protocol }).symptom(CROWDED).over())).status,
    ).toBe('reproduced');
  });

  it('is judged of a remedy, whose own doing it may be: a raised maximum with few buckets', () => {
    const history = new HistoryBuilder({ remedies: ['raise-max'] })
      .symptom()
      .remedy('raise-max', { ...CROWDED, counters: { ...CROWDED.counters, drop: 100 } })
      .over();
    expect(
      judgeRemedy(new Observations(history), 'raise-max', judgeSymptom(new Observations(history))).reason,
    ).not.toContain(REASON);
  });
});

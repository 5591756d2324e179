import { describe, expect, it } from 'vitest';
import { clashes, lostRaces } from '../../src/judge/clashes.ts';
import { conservation } from '../../src/judge/conservation.ts';
import { standing } from '../../src/judge/standing.ts';
import { judgeSymptom } from '../../src/judge/symptom.ts';
import { HistoryBuilder, MET, PROTOCOL, UNMET } from './history-builder.ts';

describe('insert races', () => {
  it('are counted for each of the demand, resolved and lost ones', () => {
    const figures = { 'clash_resolve.delta': 30, 'insert_failed.delta': 25, 'chaintoolong.delta': 5 };
    expect(lostRaces(figures)).toBe(20);
    expect(clashes(figures, 100)).toEqual({ 'clashes.perOffered': 0.5 });
    expect([clashes(figures, 0), clashes({}, 100)]).toEqual([{}, {}]);
  });

  it('that are lost drop packets that had passed, which conservation knows', () => {
    const packets = { 'packets.before': 100, 'packets.after': 100 };
    const lost = { 'drop.delta': 7, 'insert_failed.delta': 7, 'chaintoolong.delta': 0 };
    expect(conservation({ ...packets, ...lost })).toEqual({ conservation: 0 });
    expect(conservation({ ...packets, 'packets.after': 93, 'drop.delta': 7 })).toEqual({ conservation: 0 });
  });
});

describe('what stands in the long run for each request a second', () => {
  it('is each state’s entries by their time', () => {
    const figures = {
      'state.TIME_WAIT': 300,
      'timeout.TIME_WAIT': 120,
      'state.UDP': 100,
      'timeout.UDP': 30,
    };
    expect(standing(figures, 100)).toEqual({ 'entries.perRate': 390 });
  });

  it('is not known where the entries were not looked at', () => {
    expect([standing({ 'timeout.UDP': 30 }, 100), standing({ 'state.UDP': 1 }, 0)]).toEqual([{}, {}]);
  });
});

describe('a symptom that stays away', () => {
  const judged = (expectation: string, control = false) => {
    const symptom = { ...PROTOCOL.symptom, provenBy: [expectation] };
    return judgeSymptom(new HistoryBuilder({ protocol: { symptom }, control }).symptom(MET).over());
  };

  it('is a finding only where something proves that it was put to the test', () => {
    expect(judged('requests.answered > 0').status).toBe('not-reproduced');
    expect(judged('drop.delta > 0')).toMatchObject({
      status: 'inconclusive',
      reason: 'nothing was put to the test: in the fault phase drop.delta is 0, not > 0',
    });
  });

  it('needs no proof in a control, nor where it shows', () => {
    expect(judged('drop.delta > 0', true).status).toBe('not-reproduced');
    const symptom = { ...PROTOCOL.symptom, provenBy: ['requests.answered < 0'] };
    const shown = judgeSymptom(new HistoryBuilder({ protocol: { symptom } }).symptom(UNMET).over());
    expect(shown.status).toBe('reproduced');
  });
});

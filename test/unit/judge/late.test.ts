import { describe, expect, it } from 'vitest';
import { Run } from '../../../src/history/run.ts';
import { madeLate, shiftOf } from '../../../src/judge/late.ts';
import { Observations } from '../../../src/judge/observations.ts';
import { judgeSymptom } from '../../../src/judge/symptom.ts';
import type { Immediate } from '../../../src/change/index.ts';
import { HistoryBuilder } from './history-builder.ts';

const flush: Immediate = { kind: 'flush', node: 'worker-1' };
const made = {
  type: 'change',
  action: 'apply',
  node: 'worker-1',
  before: '',
  after: '',
  emulated: false,
} as const;

/** What happens in the fault's phase at a time is recorded when that is over, 1.1 s after it began. */
function judged(at: number, by: 'scenario' | 'fault', lab = 'netns', pace = 1) {
  const events = by === 'scenario' ? [{ at, change: flush }] : [];
  const builder = new HistoryBuilder({ lab, protocol: { events } }).phase('symptom', 'baseline');
  if (by === 'fault')
    builder.with({ ...made, cycle: 'symptom', change: { kind: 'event', at, change: flush } });
  builder.phase('symptom', 'fault', {
    offered: 200,
    answered: 80,
    counters: { drop: 150 },
    entries: [900, 1000],
  });
  const history = builder.with({ ...made, cycle: 'symptom', change: flush }).over();
  const paced = history.map((event) =>
    event.type === 'phase' && event.edge === 'start' ? { ...event, pace } : event,
  );
  return judgeSymptom(new Observations(paced));
}

describe.each(['scenario', 'fault'] as const)('what the %s has happen in the middle of a phase', (by) => {
  it('proves nothing where it came more than half a second late', () => {
    expect(judged(0.05, by)).toMatchObject({
      status: 'inconclusive',
      reason: expect.stringContaining('flush, due 0.05 s into the phase, came 1,050 ms late') as string,
    });
  });

  it('is judged however long a cluster took for it', () => {
    expect(judged(0.05, by, 'kind').status).toBe('reproduced');
  });

  it('is judged where the phase took so many times as long', () => {
    expect(judged(0.05, by, 'netns', 3).status).toBe('reproduced');
  });

  it('is judged where it came in time', () => {
    expect(judged(0.6, by).status).toBe('reproduced');
  });
});

describe('what a remedy has happen in the middle of its phase', () => {
  /** 100 ms late. */
  const late = (protocol = {}): Run =>
    new Run(
      new HistoryBuilder({ protocol })
        .phase('symptom', 'baseline')
        .with({ ...made, cycle: 'flush', change: { kind: 'event', at: 1, change: flush } })
        .phase('flush', 'fresh')
        .with({ ...made, cycle: 'flush', change: flush })
        .over(),
    );
  const run = late();
  const phase = run.phase('flush', 'fresh');

  it('may be late where the demand was met all the same', () => {
    expect(madeLate(run, phase, 0.02)).toBeUndefined();
  });

  it('may be late where the scenario has it happen without the remedy too', () => {
    const ofScenario = late({ events: [{ at: 1, change: flush }] });
    expect(madeLate(ofScenario, ofScenario.phase('flush', 'fresh'), 0.5)).toBeUndefined();
  });

  it('proves nothing where the demand might have been met had it come in time', () => {
    expect(madeLate(run, phase, 0.05)).toMatchObject({
      reason: expect.stringMatching(/^the machine was busy: flush, due 1 s .* came \d+ ms late$/) as string,
      blames: 'machine',
    });
  });

  it('may be late where more than twice as much failed as was due meanwhile', () => {
    expect(madeLate(run, phase, 0.2)).toBeDefined();
    expect(madeLate(run, phase, 0.5)).toBeUndefined();
  });
});

describe('a first failure that a scheduled change causes', () => {
  /** How late the change, due 0.4 s into the fault's phase, was made, in s at the scenario's own pace. */
  const shift = (after: number, pace: number): number => {
    const events = [{ at: 0.4, change: flush }];
    const history = new HistoryBuilder({ protocol: { events } })
      .phase('symptom', 'baseline')
      .phase('symptom', 'fault', {
        offered: 200,
        answered: 80,
        counters: { drop: 150 },
        entries: [900, 1000],
      })
      .over();
    const began = history.findLast((event) => event.type === 'phase' && event.edge === 'start');
    const t = (began?.t ?? 0) + after * 1000;
    const paced = history.map((event) => (event === began ? { ...event, pace } : event));
    const run = new Run([...paced, { ...made, cycle: 'symptom', change: flush, t }]);
    return shiftOf(run, run.phase('symptom', 'fault'));
  };

  it('is shifted by as much as the change was late, and by nothing where it came in time', () => {
    expect(shift(0.75, 1)).toBeCloseTo(0.35);
    expect(shift(0.4, 1)).toBeCloseTo(0);
  });

  it('is shifted by less where the phase took longer than the scenario says', () => {
    expect(shift(0.9, 2)).toBeCloseTo(0.05);
  });
});

import { describe, expect, it } from 'vitest';
import { Observations } from '../../../src/judge/observations.ts';
import { judgeSymptom } from '../../../src/judge/symptom.ts';
import { HistoryBuilder, MET, PROTOCOL, LOSSY, type PhaseStory } from './history-builder.ts';

const judged = (fault: PhaseStory, baseline: PhaseStory = MET) =>
  judgeSymptom(new Observations(new HistoryBuilder().symptom(fault, baseline).over()));

describe('a symptom', () => {
  it('is reproduced when the fault shows it and the baseline does not, and says by which figures', () => {
    const symptom = judged(LOSSY);
    expect(symptom).toMatchObject({ status: 'reproduced', expected: 'reproduced' });
    expect(symptom.reason).toBe(
      '80 of 200 requests answered, (28) Connection timed out ×120; table full at 1,000, drop +150',
    );
    expect(symptom.figures).toMatchObject({ 'requests.answered': 80, 'baseline.requests.answered': 200 });
    expect(symptom.figures).toMatchObject({ 'baseline.requests.outcome[(28)]': 0, 'baseline.drop.delta': 0 });
  });

  it('is not reproduced when one expectation does not hold, and the reason names it', () => {
    const symptom = judged(MET);
    expect(symptom.status).toBe('not-reproduced');
    expect(symptom.reason).toBe(
      'requests.failed.rate is 0, not > 0.2: 200 of 200 requests answered; table at most 300 of 1,000, no counter moved',
    );
  });

  it('that a kernel has cured itself is told with the scenario’s finding', () => {
    const { symptom } = PROTOCOL;
    const history = new HistoryBuilder({
      protocol: { symptom: { ...symptom, finding: 'the kernel fixes it' } },
    });
    expect(judgeSymptom(new Observations(history.symptom(MET).over())).reason).toMatch(
      /; the kernel fixes it$/,
    );
  });

  it('must stay away in a control, and shows there as a surprise', () => {
    const control = () => new HistoryBuilder({ control: true });
    expect(judgeSymptom(new Observations(control().symptom(MET).over()))).toMatchObject({
      status: 'not-reproduced',
      expected: 'not-reproduced',
    });
    expect(judgeSymptom(new Observations(control().symptom(LOSSY).over()))).toMatchObject({
      status: 'reproduced',
      expected: 'not-reproduced',
    });
  });

  it('is judged by what was seen last where a phase was retried', () => {
    const history = new HistoryBuilder()
      .phase('symptom', 'baseline', MET)
      .phase('symptom', 'fault', { ...LOSSY, starved: 'out of local ports' })
      .with({ type: 'retry', phase: { cycle: 'symptom', stage: 'fault' }, reason: 'starved' })
      .phase('symptom', 'fault', LOSSY);
    expect(judgeSymptom(new Observations(history.over()))).toMatchObject({
      status: 'reproduced',
      figures: { 'requests.offered': 200 },
    });
  });

  it('is inconclusive where the kernel freed entries of the full table', () => {
    const entered = (count: number) =>
      judged({ ...LOSSY, counters: { drop: 150 }, totals: { 'packets.entered': count } });
    const grown = (LOSSY.entries?.[1] ?? 0) - (LOSSY.entries?.[0] ?? 0);
    // 0.15 of the 120 that failed.
    expect(entered(grown + 18).status).toBe('reproduced');
    expect(entered(grown + 19).reason).toContain('gc freed 19 entries');
  });

  it('is inconclusive when the baseline shows it too', () => {
    const symptom = { ...PROTOCOL.symptom, when: ['drop.delta > 0'] };
    const history = new HistoryBuilder({ protocol: { symptom } }).symptom(LOSSY, {
      ...MET,
      counters: { drop: 1 },
    });
    expect(judgeSymptom(new Observations(history.over())).reason).toContain(
      'the symptom shows in the baseline already: 200 of 200',
    );
  });

  it('is expected as --expect says', () => {
    const history = (status: string) => new HistoryBuilder({ expect: { symptom: status } }).symptom().over();
    expect(judgeSymptom(new Observations(history('not-reproduced'))).expected).toBe('not-reproduced');
    expect(() => judgeSymptom(new Observations(history('gone')))).toThrow(
      'symptom: unknown status `gone`; use one of reproduced,',
    );
  });

  it.each<[why: string, fault: PhaseStory, baseline: PhaseStory, reason: RegExp]>([
    ['nothing was sampled', { ...LOSSY, samples: false }, MET, /fault phase: no samples of worker-1/],
    ['nothing was offered', { ...LOSSY, offered: 0, answered: 0 }, MET, /no requests were offered/],
    [
      'the generator starved',
      { ...LOSSY, starved: 'out of local ports' },
      MET,
      /bottleneck: out of local ports/,
    ],
    ['the generator was late', { ...LOSSY, lateP95: 812 }, MET, /generator of requests was late by 812 ms/],
    ['the fault’s phase did not end', { ...LOSSY, ended: false }, MET, /the phase did not end/],
    [
      'somebody else raised the limit',
      { ...LOSSY, limits: [1000, 3000] },
      MET,
      /changed the limit from 1,000 to 3,000 during/,
    ],
    [
      'the packets do not add up',
      { ...LOSSY, counters: { drop: 90 } },
      MET,
      /80 after it, 90 dropped: 60 missing/,
    ],
    ['the baseline was not met', LOSSY, { ...MET, answered: 190 }, /baseline: the demand was not met.* 0.05/],
    ['the baseline was not sampled', LOSSY, { ...MET, samples: false }, /baseline: no samples of worker-1/],
  ])('is inconclusive when %s', (_, fault, baseline, reason) => {
    const symptom = judged(fault, baseline);
    expect(symptom.status).toBe('inconclusive');
    expect(symptom.reason).toMatch(reason);
  });

  it('is inconclusive when a request never reported its end', () => {
    const history = new HistoryBuilder().symptom().with({
      type: 'offered',
      phase: { cycle: 'symptom', stage: 'fault' },
      unit: 'requests',
      count: 5,
      lateP95: 0,
    });
    expect(judgeSymptom(new Observations(history.over())).reason).toBe(
      'fault phase: 205 requests were offered, but 200 outcomes were recorded',
    );
  });

  const squeezed = {
    type: 'change',
    cycle: 'symptom',
    action: 'apply',
    change: { kind: 'squeeze', node: 'worker-1', free: 80 },
    node: 'worker-1',
    before: '',
    after: '',
    emulated: false,
  } as const;

  it.each(['sysctl', 'netns-sysctl'] as const)(
    'stands though the limit changed, when our %s squeeze did that',
    (squeeze) => {
      const history = new HistoryBuilder({ squeeze })
        .phase('symptom', 'baseline', { ...MET, limits: [9000, 9000] })
        .with(squeezed)
        .phase('symptom', 'fault', LOSSY);
      expect(judgeSymptom(new Observations(history.over())).status).toBe('reproduced');
    },
  );

  it('stands though the limit changed in its middle, when this run did that', () => {
    const history = new HistoryBuilder({ squeeze: 'netns-sysctl' }).phase('symptom', 'baseline', {
      ...MET,
      limits: [9000, 9000],
    });
    history.with(squeezed).phase('symptom', 'fault', { ...LOSSY, limits: [9000, 1000] });
    expect(judgeSymptom(new Observations(history.over())).status).toBe('reproduced');
  });

  it('is inconclusive when somebody else changed the limit between the phases, for ballast never does', () => {
    const history = new HistoryBuilder()
      .phase('symptom', 'baseline', { ...MET, limits: [9000, 9000] })
      .with(squeezed)
      .phase('symptom', 'fault', LOSSY);
    expect(judgeSymptom(new Observations(history.over()))).toMatchObject({
      status: 'inconclusive',
      reason: 'fault phase: somebody else changed the limit from 9,000 to 1,000 since baseline',
    });
  });

  it('is what the run said where it could not be judged at all', () => {
    const history = new HistoryBuilder().with({
      type: 'not-judged',
      cycle: 'symptom',
      status: 'skipped',
      reason: 'no nft',
    });
    expect(judgeSymptom(new Observations(history.over()))).toMatchObject({
      status: 'skipped',
      reason: 'no nft',
    });
  });

  it('that an interrupt kept from being seen is inconclusive for that reason', () => {
    const history = new HistoryBuilder().phase('symptom', 'baseline').over('interrupted', 'SIGINT');
    expect(judgeSymptom(new Observations(history))).toMatchObject({
      status: 'inconclusive',
      reason: 'fault phase: the run was interrupted: SIGINT',
    });
  });

  it('is inconclusive, not lost, when the judge itself fails', () => {
    const { symptom } = PROTOCOL;
    const history = new HistoryBuilder({
      protocol: { symptom: { ...symptom, when: ['nonsense'] } },
    }).symptom();
    expect(judgeSymptom(new Observations(history.over()))).toMatchObject({
      status: 'inconclusive',
      reason: expect.stringContaining('the judge failed') as string,
    });
  });
});

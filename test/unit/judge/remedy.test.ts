import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/judge/judge.ts';
import type { HistoryEvent } from '../../../src/schema/history.ts';
import type { RemedyVerdict } from '../../../src/schema/verdict.ts';
import { changeEvent, HistoryBuilder, MET, PROTOCOL, LOSSY, type PhaseStory } from './history-builder.ts';

const builder = () => new HistoryBuilder({ remedies: ['raise-max'] }).symptom();
const verdictOf = (history: HistoryBuilder): RemedyVerdict | undefined => judge(history.over()).remedies[0];
const fresh = (story: PhaseStory, live = story) => verdictOf(builder().remedy('raise-max', story, live));

describe('a remedy', () => {
  it.each<[status: string, when: string, story: PhaseStory]>([
    ['cured', 'the loss is at most 2 %', { ...MET, answered: 196 }],
    ['reduced', 'the loss is at most 0.6 of what it was', { ...LOSSY, answered: 128 }],
    ['no-effect', 'the loss is a little smaller', { ...LOSSY, answered: 120 }],
    ['no-effect', 'all is as before', LOSSY],
    ['worse', 'the loss is a third larger', { ...LOSSY, answered: 38 }],
    ['no-effect', 'the loss is a little larger', { ...LOSSY, answered: 40 }],
    ['inconclusive', 'nothing was sampled', { ...MET, samples: false }],
  ])('has %s it when %s', (status, _, story) => {
    expect(fresh(story)?.status).toBe(status);
  });

  it('has no effect where the loss changed by no more than by chance', () => {
    const judged = (answered: number) => {
      const protocol = { symptom: { ...PROTOCOL.symptom, spread: 3 } };
      const history = new HistoryBuilder({ remedies: ['raise-max'], protocol }).symptom();
      return verdictOf(history.remedy('raise-max', { ...LOSSY, answered }))?.status;
    };
    // The third fails later as well: by chance, too.
    expect([judged(196), judged(162), judged(158), judged(0)]).toEqual([
      'cured',
      'reduced',
      'no-effect',
      'no-effect',
    ]);
  });

  it('has delayed it when the demand fails half as late again, and the loss is no smaller', () => {
    const late = { ...LOSSY, offered: 400, answered: 160 };
    const verdict = fresh(late);
    expect(verdict).toMatchObject({ status: 'delayed' });
    expect(verdict?.reason).toMatch(/^failing since 0.84 s instead of 0.42 s; 160 of 400 requests answered/);
  });

  describe('with a change that is due in the middle of each phase', () => {
    /**
     * @param late ms by which it came late without the remedy
     * @param too ms by which it came late with it
     */
    const judged = (story: PhaseStory, late: number, too = 0) => {
      const change = { kind: 'flush', node: 'worker-1' } as const;
      const site = { node: 'worker-1', before: '', after: '', emulated: false };
      const protocol = { events: [{ at: 0.5, change }] };
      const history = new HistoryBuilder({ remedies: ['raise-max'], protocol }).symptom();
      const events = history
        .remedy('raise-max', story)
        .over()
        .flatMap((event): HistoryEvent[] => {
          if (event.type !== 'phase' || event.edge !== 'start') return [event];
          const t = event.t + 500 + (event.phase.stage === 'confirm' ? late : too);
          const { cycle } = event.phase;
          return [event, { type: 'change', t, cycle, action: 'apply', change, ...site }];
        });
      return judge(events).remedies[0];
    };

    it('has not delayed it where that came late only without it', () => {
      expect(judged(LOSSY, 400)?.status).toBe('no-effect');
    });

    it('has it reduced only where what came late with it might not have been met', () => {
      const story = { ...LOSSY, answered: 190 };
      expect(judged(story, 0)?.status).toBe('reduced');
      expect(judged(story, 0, 100)).toMatchObject({ status: 'inconclusive', blames: 'machine' });
    });

    it.each([
      ['worse', 30],
      ['reduced', 140],
    ])('has it %s only where that much did not come late', (status, answered) => {
      expect(judged({ ...LOSSY, answered }, 0)?.status).toBe(status);
      expect(judged({ ...LOSSY, answered }, 400)).toMatchObject({
        status: 'inconclusive',
        reason: expect.stringContaining('the machine was busy') as string,
        blames: 'machine',
      });
    });
  });

  it('is judged on the fresh table, with the live table beside it', () => {
    expect(fresh(MET, LOSSY)).toMatchObject({ status: 'cured', inFlight: 'no-effect' });
    expect(fresh(LOSSY, MET)).toMatchObject({ status: 'no-effect', inFlight: 'cured' });
  });

  it('says why in the scenario’s words, where it has some', () => {
    const why = { 'raise-max': 'there is room for all of it' };
    const history = new HistoryBuilder({ remedies: ['raise-max'], protocol: { why } }).symptom();
    expect(verdictOf(history.remedy('raise-max', MET))?.why).toBe(why['raise-max']);
    expect(fresh(MET)).not.toHaveProperty('why');
  });

  it('that reduced it says by what factor', () => {
    expect(fresh({ ...LOSSY, answered: 140 })?.reason).toMatch(
      /^requests.failed.rate from 0.6 to 0.3, a factor of 2; 140 of 200 requests answered/,
    );
  });

  it('rests on figures that include what it was measured against', () => {
    expect(fresh(MET, LOSSY)?.figures).toMatchObject({
      'requests.failed.rate': 0,
      'confirm.requests.failed.rate': 0.6,
      'live.requests.failed.rate': 0.6,
    });
  });

  it('proves nothing when the symptom did not come back before it', () => {
    const verdict = verdictOf(builder().remedy('raise-max', MET, MET, MET));
    expect(verdict).toMatchObject({ status: 'inconclusive', inFlight: 'inconclusive' });
    expect(verdict?.reason).toBe('the symptom did not come back: requests.failed.rate is 0, not > 0.2');
  });

  it('proves nothing when somebody else raised the limit before it was judged', () => {
    const history = builder().phase('raise-max', 'confirm', LOSSY).phase('raise-max', 'live', LOSSY);
    const verdict = verdictOf(history.phase('raise-max', 'fresh', { ...MET, limits: [9000, 9000] }));
    expect(verdict).toMatchObject({
      status: 'inconclusive',
      inFlight: 'no-effect',
      reason: 'fresh: somebody else changed the limit from 1,000 to 9,000 since confirm',
    });
  });

  it('proves nothing when there was no loss before it', () => {
    const symptom = { ...PROTOCOL.symptom, when: ['drop.delta > 0'] };
    const history = new HistoryBuilder({ remedies: ['raise-max'], protocol: { symptom } }).symptom();
    const met = { ...LOSSY, answered: 200 };
    expect(verdictOf(history.remedy('raise-max', met, met, met))).toMatchObject({
      status: 'inconclusive',
      reason: 'confirm: the demand was met: requests.failed.rate is 0',
    });
  });

  it('is skipped with the run’s reason where a requirement was not met, and that fails nothing', () => {
    const skipped = {
      type: 'not-judged',
      cycle: 'raise-max',
      status: 'skipped',
      reason: 'needs root',
    } as const;
    const verdict = judge(builder().with(skipped).over());
    expect(verdict.remedies[0]).toMatchObject({ status: 'skipped', expected: 'cured', reason: 'needs root' });
    expect(verdict.asExpected).toBe(true);
  });

  it('that was asked for with --expect and skipped is not as expected', () => {
    const history = new HistoryBuilder({ remedies: ['raise-max'], expect: { 'raise-max': 'cured' } });
    const skipped = {
      type: 'not-judged',
      cycle: 'raise-max',
      status: 'skipped',
      reason: 'needs root',
    } as const;
    expect(judge(history.symptom().with(skipped).over()).asExpected).toBe(false);
  });

  it('is skipped when the symptom did not show, for there was nothing to cure', () => {
    const history = new HistoryBuilder({ remedies: ['raise-max'] }).symptom(MET);
    expect(verdictOf(history)).toMatchObject({ status: 'skipped', expected: 'cured' });
  });

  it('that an interrupt kept from being tried is inconclusive for that reason', () => {
    expect(judge(builder().over('interrupted', 'SIGINT')).remedies[0]).toMatchObject({
      status: 'inconclusive',
      reason: 'confirm: the run was interrupted: SIGINT',
    });
  });

  it('is marked when the lab could only emulate it', () => {
    const change = changeEvent({ kind: 'limit', add: 1000 }, 'ballast', true);
    expect(verdictOf(builder().with(change).remedy('raise-max', MET))?.emulated).toBe(true);
    const real = { ...change, emulated: false };
    expect(verdictOf(builder().with(real).remedy('raise-max', MET))?.emulated).toBe(false);
  });

  it('is inconclusive, not false, when the judge fails on it', () => {
    const history = builder().remedy('raise-max', MET);
    const broken = history.events.findLast((event) => event.type === 'outcomes');
    Object.assign(broken ?? {}, { due: undefined });
    expect(judge(history.over()).remedies[0]).toMatchObject({
      status: 'inconclusive',
      reason: expect.stringContaining('the judge failed') as string,
    });
  });

  it('that the scenario says nothing of is expected to have no effect', () => {
    const history = new HistoryBuilder({ remedies: ['prayer'] }).symptom();
    expect(judge(history.over()).remedies[0]).toMatchObject({ name: 'prayer', expected: 'no-effect' });
  });
});

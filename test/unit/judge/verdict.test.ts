import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/judge/judge.ts';
import { verdictSchema, type Verdict } from '../../../src/schema/verdict.ts';
import type { History } from '../../../src/schema/history.ts';
import { HistoryBuilder, MET, LOSSY, type PhaseStory } from './history-builder.ts';

const NAMES = ['raise-max', 'be-liberal', 'placebo'];
const asPlanned = (): HistoryBuilder =>
  new HistoryBuilder({ remedies: NAMES })
    .symptom()
    .remedy('raise-max', { ...MET, limits: [9000, 9000] })
    .remedy('be-liberal', LOSSY)
    .remedy('placebo', LOSSY);

/** A phase in which anything may have happened. */
const anyStory: fc.Arbitrary<PhaseStory> = fc
  .record({
    offered: fc.nat(60),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    entries: fc.tuple(fc.nat(1000), fc.nat(1000)),
    counters: fc.record({ drop: fc.nat(500), early_drop: fc.nat(500) }),
    totals: fc.record({ 'packets.before': fc.nat(600), 'packets.after': fc.nat(600) }, { requiredKeys: [] }),
    lateP95: fc.constantFrom(0, 30, 900),
    samples: fc.boolean(),
    ended: fc.boolean(),
  })
  .map(({ share, ...story }) => ({ ...story, answered: Math.round(share * story.offered) }));

const anyRun: fc.Arbitrary<History> = fc
  .tuple(fc.array(anyStory, { minLength: 5, maxLength: 5 }), fc.boolean(), fc.boolean())
  .map(([stories, control, over]) => {
    const [baseline, fault, confirm, live, fresh] = stories;
    const history = new HistoryBuilder({ remedies: ['raise-max'], control })
      .symptom(fault, baseline)
      .remedy('raise-max', fresh ?? MET, live, confirm);
    return over ? history.over() : history.events;
  });

describe('the verdict', () => {
  it('on a run that went as the scenario says is as expected, and keeps to its schema', () => {
    const verdict = judge(asPlanned().over(), './runs/1');
    expect(verdictSchema.parse(verdict)).toEqual(verdict);
    expect(verdict).toMatchObject({ asExpected: true, run: './runs/1', scenario: 'saturate' });
    expect(verdict.remedies.map(({ name, status }) => [name, status])).toEqual([
      ['raise-max', 'cured'],
      ['be-liberal', 'no-effect'],
      ['placebo', 'no-effect'],
    ]);
    expect(verdict.outcome).toMatchObject({ headline: 'PASSED', exitCode: 0 });
  });

  it('is the same each time, whatever was seen, and leaves the history as it was', () => {
    fc.assert(
      fc.property(anyRun, (history) => {
        const before = structuredClone(history);
        expect(judge(history)).toEqual(judge(structuredClone(history)));
        expect(history).toEqual(before);
      }),
    );
  });

  it('keeps to its schema and gives every status a reason, whatever was seen', () => {
    fc.assert(
      fc.property(anyRun, (history) => {
        const { symptom, remedies } = verdictSchema.parse(JSON.parse(JSON.stringify(judge(history))));
        for (const { reason } of [symptom, ...remedies]) expect(reason).toMatch(/\S/);
      }),
    );
  });

  it('is never a pass where nothing was sampled', () => {
    fc.assert(
      fc.property(anyRun, (history) => {
        const verdict = judge(history.filter(({ type }) => type !== 'sample'));
        expect(verdict.symptom.status).toBe('inconclusive');
        expect(verdict.asExpected).toBe(false);
        expect(verdict.outcome).toMatchObject({ headline: 'INCONCLUSIVE', exitCode: 2 });
      }),
    );
  });

  it('on a change that changes nothing is no effect, however badly the demand is missed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 159 }), (answered) => {
        const hurt = { ...LOSSY, answered };
        const history = new HistoryBuilder({ remedies: ['placebo'] })
          .symptom()
          .remedy('placebo', hurt, hurt, hurt);
        expect(judge(history.over()).remedies[0]).toMatchObject({
          status: 'no-effect',
          inFlight: 'no-effect',
        });
      }),
    );
  });

  it('on a remedy does not depend on which were tried before it', () => {
    const ofRemedy = fc.record({ before: anyStory, live: anyStory, after: anyStory });
    fc.assert(
      fc.property(
        fc.tuple(ofRemedy, ofRemedy, ofRemedy),
        fc.shuffledSubarray(NAMES, { minLength: 3 }),
        (told, order) => {
          const inOrder = (names: readonly string[]): Verdict => {
            const history = new HistoryBuilder({ remedies: NAMES }).symptom();
            for (const name of names) {
              const story = told[NAMES.indexOf(name)];
              if (story) history.remedy(name, story.after, story.live, story.before);
            }
            return judge(history.over());
          };
          expect(inOrder(order)).toEqual(inOrder(NAMES));
        },
      ),
    );
  });

  it('judges no remedy in a control', () => {
    const verdict = judge(new HistoryBuilder({ control: true, remedies: NAMES }).symptom(MET).over());
    expect(verdict).toMatchObject({ remedies: [], asExpected: true });
  });

  it('is drawn from a history that breaks off anywhere, and never looks clean then', () => {
    const whole = asPlanned().over();
    for (let length = 1; length < whole.length - 1; length++) {
      const verdict = judge(whole.slice(0, length));
      expect(verdict.restore).toEqual({ status: 'unknown', left: [] });
      expect(verdict.outcome).toMatchObject({ headline: 'INCONCLUSIVE', exitCode: 2 });
    }
  });

  it('does not mistake an empty history for a run', () => {
    expect(() => judge([])).toThrow('the history has no `run` event');
  });
});

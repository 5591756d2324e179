import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/judge/judge.ts';
import { combined, outcomeOf, sayOutcome, type Ended, type Outcome } from '../../../src/schema/outcome.ts';
import type { HistoryEvent } from '../../../src/schema/history.ts';
import { HistoryBuilder, MET, LOSSY } from './history-builder.ts';

const NAMES = ['raise-max', 'be-liberal', 'placebo'];
const asPlanned = (change: ConstructorParameters<typeof HistoryBuilder>[0] = {}): HistoryBuilder =>
  new HistoryBuilder({ remedies: NAMES, ...change })
    .symptom()
    .remedy('raise-max', { ...MET, limits: [9000, 9000] })
    .remedy('be-liberal', LOSSY)
    .remedy('placebo', LOSSY);
const headline = (history: readonly HistoryEvent[]): string => sayOutcome('saturate', judge(history).outcome);

/** The only pairs there are. */
const CODES: Readonly<Record<Outcome['headline'], readonly number[]>> = {
  PASSED: [0],
  FAILED: [1],
  INCONCLUSIVE: [2],
  'NOT RUN': [2],
  INTERRUPTED: [130, 143],
  'NOT RESTORED': [3],
};

describe('the outcome of a run', () => {
  it('is PASSED with exit code 0 where everything is as expected, and says the answer', () => {
    const { outcome } = judge(asPlanned().over());
    expect(outcome).toEqual({
      headline: 'PASSED',
      exitCode: 0,
      summary: 'reproduced; cured by raise-max; no effect: be-liberal, placebo',
    });
  });

  it('counts remedies without an effect where there are many', () => {
    const names = ['a', 'b', 'c', 'd'];
    const history = new HistoryBuilder({ remedies: [...names, 'raise-max'] }).symptom();
    for (const name of names) history.remedy(name, LOSSY);
    history.remedy('raise-max', MET);
    expect(headline(history.over())).toBe(
      'PASSED saturate: reproduced; cured by raise-max; no effect: 4 others',
    );
  });

  it('is FAILED with exit code 1 where something differs, and names it', () => {
    const { outcome } = judge(asPlanned({ expect: { 'be-liberal': 'cured' } }).over());
    expect(outcome).toEqual({
      headline: 'FAILED',
      exitCode: 1,
      summary: 'be-liberal no-effect, expected cured',
    });
  });

  it('is INCONCLUSIVE with exit code 2 where anything could not be told, also where that was expected', () => {
    const asked = new HistoryBuilder({ expect: { symptom: 'inconclusive' } }).symptom({
      ...MET,
      samples: false,
    });
    const { outcome } = judge(asked.over());
    expect(outcome).toMatchObject({ headline: 'INCONCLUSIVE', exitCode: 2 });
    expect(outcome.summary).toBe('1 of 1 results inconclusive; symptom: fault phase: no samples of worker-1');
  });

  it('is NOT RUN with exit code 2 and the reason where the symptom was skipped, also where that was expected', () => {
    const skipped = new HistoryBuilder({ expect: { symptom: 'skipped' } })
      .with({ type: 'not-judged', cycle: 'symptom', status: 'skipped', reason: 'needs --lab kind' })
      .over();
    expect(judge(skipped)).toMatchObject({ asExpected: true });
    expect(judge(skipped).outcome).toEqual({
      headline: 'NOT RUN',
      exitCode: 2,
      summary: 'needs --lab kind',
    });
  });

  it('is NOT RUN where no phase could begin, and INCONCLUSIVE where the run broke off later', () => {
    const reason = 'link: not supported; sudo modprobe veth';
    const before = new HistoryBuilder().over('aborted', reason);
    expect(headline(before)).toBe(`NOT RUN saturate: ${reason}`);
    expect(headline(asPlanned().over('aborted', 'the lab was lost'))).toBe(
      'INCONCLUSIVE saturate: the lab was lost',
    );
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'is INTERRUPTED by %s, with exit code %i, how far it got, and what was found',
    (by, exitCode) => {
      const history = new HistoryBuilder({ remedies: NAMES })
        .symptom()
        .remedy('raise-max', { ...MET, limits: [9000, 9000] });
      expect(judge(history.over('interrupted', by)).outcome).toEqual({
        headline: 'INTERRUPTED',
        exitCode,
        summary: `by ${by}, after 2 of 4 results; until then: reproduced; cured by raise-max`,
      });
    },
  );

  it('is INTERRUPTED after 0 results where it was interrupted before the first, and claims no finding', () => {
    const { outcome } = judge(new HistoryBuilder({ remedies: NAMES }).over('interrupted', 'SIGINT'));
    expect(outcome.summary).toBe('by SIGINT, after 0 of 4 results');
  });

  it('is NOT RESTORED with exit code 3 where something was left, whatever else is true', () => {
    for (const status of ['completed', 'interrupted', 'aborted'] as const) {
      const history = asPlanned()
        .with({ type: 'restore', status: 'incomplete', left: ['nf_conntrack_max is 7', 'a rule'] })
        .with({ type: 'end', status, reason: 'SIGINT' }).events;
      expect(judge(history).outcome).toEqual({
        headline: 'NOT RESTORED',
        exitCode: 3,
        summary: 'nf_conntrack_max is 7 and 1 more; run: `tablefull restore`',
      });
    }
  });

  it('of a killed run does not claim that something was left', () => {
    expect(headline(asPlanned().events)).toBe(
      'INCONCLUSIVE saturate: the run was killed, and its history does not say whether everything was restored; to check: `tablefull restore`',
    );
  });
});

describe('headline and exit code', () => {
  const anyEnded: fc.Arbitrary<Ended> = fc.oneof(
    fc.constant({ how: 'completed' as const }),
    fc.constant({ how: 'killed' as const }),
    fc.record({ how: fc.constant('interrupted' as const), by: fc.constantFrom('SIGINT', 'SIGTERM') }),
    fc.record({ how: fc.constant('aborted' as const), reason: fc.string(), observed: fc.boolean() }),
  );
  const maybe = fc.option(fc.string(), { nil: undefined });
  const anyFindings = fc.record({
    left: maybe,
    notRun: maybe,
    unclear: maybe,
    surprise: maybe,
    found: fc.string(),
    reached: fc.record({ done: fc.nat(), planned: fc.nat(), noun: fc.constant('results') }),
  });

  it('belong together one to one, whatever was found and however it ended', () => {
    fc.assert(
      fc.property(anyFindings, anyEnded, (findings, ended) => {
        const { headline: said, exitCode } = outcomeOf(findings, ended);
        expect(CODES[said]).toContain(exitCode);
        expect(exitCode === 3).toBe(findings.left !== undefined);
      }),
    );
  });

  it('of several runs are those of the worst, with how often each came out', () => {
    const outcome = (said: 'PASSED' | 'FAILED'): Outcome =>
      said === 'PASSED'
        ? { headline: said, exitCode: 0, summary: '' }
        : { headline: said, exitCode: 1, summary: '' };
    const several = { noun: 'runs', planned: 3 };
    expect(combined([outcome('PASSED'), outcome('FAILED'), outcome('PASSED')], several)).toEqual({
      headline: 'FAILED',
      exitCode: 1,
      summary: 'of 3 runs 2 PASSED, 1 FAILED',
    });
    const interrupted: Outcome = { headline: 'INTERRUPTED', exitCode: 130, summary: '' };
    for (const begun of [[outcome('FAILED'), interrupted], [outcome('FAILED')]])
      expect(combined(begun, { ...several, by: 'SIGINT' })).toEqual({
        headline: 'INTERRUPTED',
        exitCode: 130,
        summary: 'by SIGINT, after 1 of 3 runs; until then: 1 FAILED',
      });
  });
});

import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/judge/judge.ts';
import { junitXml } from '../../../src/report/junit.ts';
import { extrasOf } from '../../../src/run/reporter.ts';
import { verdictScreen } from '../../../src/report/screen.ts';
import { HistoryBuilder, MET, PROTOCOL, LOSSY } from './history-builder.ts';

/** A run with these expectations, and one remedy that cures. */
function run(
  expectations: Record<string, readonly string[]>,
  header: { control?: boolean; remedies?: readonly string[] } = {},
) {
  const { control = false, remedies = ['be-liberal'] } = header;
  const protocol = {
    ...PROTOCOL,
    remedies: { 'be-liberal': 'cured' as const },
    expectations: Object.fromEntries(
      Object.entries(expectations).map(([phase, texts]) => [phase, [...texts]]),
    ),
  };
  const history = new HistoryBuilder({ protocol, control, remedies: [...remedies] }).symptom(
    control ? MET : LOSSY,
  );
  for (const name of control ? [] : remedies) history.remedy(name, MET);
  return history.over();
}

describe('an expectation of a scenario', () => {
  it.each([
    ['baseline', 'requests.failed.rate == 0', 'met', 'requests.failed.rate is 0'],
    ['baseline', 'requests.p(99.9) > 2', 'not-met', 'requests.p(99.9) is 2, not > 2'],
    ['fault', 'drop.delta > baseline.drop.delta', 'met', 'drop.delta is 150, baseline.drop.delta is 0'],
    [
      'fault',
      'requests.answered > 0.5 * baseline.requests.answered',
      'not-met',
      'requests.answered is 80, not > 0.5 * baseline.requests.answered, which is 100',
    ],
    ['be-liberal', 'drop.delta < fault.drop.delta', 'met', 'drop.delta is 0, fault.drop.delta is 150'],
    ['fault', 'worker-2.drop.delta == 0', 'inconclusive', 'there is no figure worker-2.drop.delta'],
    ['fault', 'drop.delta > worker-2.drop.delta', 'inconclusive', 'there is no figure worker-2.drop.delta'],
  ] as const)('of %s, %s, is %s: %s', (phase, expectation, status, reason) => {
    const verdict = judge(run({ [phase]: [expectation] }));
    expect(verdict.expectations).toMatchObject([{ phase, expectation, status, reason }]);
    expect(verdict.asExpected).toBe(status === 'met');
    expect(verdict.outcome.exitCode).toBe({ met: 0, 'not-met': 1, inconclusive: 2 }[status]);
  });

  it('that compares with a phase that is not judged is inconclusive', () => {
    const protocol = { ...PROTOCOL, expectations: { fault: ['drop.delta > baseline.drop.delta'] } };
    const history = new HistoryBuilder({ protocol }).symptom(LOSSY, { ...MET, samples: false }).over();
    expect(judge(history).expectations).toMatchObject([
      { status: 'inconclusive', reason: 'baseline: no samples of worker-1' },
    ]);
  });

  it('of a remedy that is not asked for is not spoken of, nor anything but the baseline of a control', () => {
    const expectations = {
      baseline: ['drop.delta == 0'],
      fault: ['drop.delta > 0'],
      'be-liberal': ['drop.delta == 0'],
    };
    const phases = (history: ReturnType<typeof run>) =>
      judge(history).expectations?.map(({ phase, status }) => `${phase} ${status}`);
    expect(phases(run(expectations, { remedies: [] }))).toEqual(['baseline met', 'fault met']);
    expect(phases(run(expectations, { control: true }))).toEqual(['baseline met']);
  });

  it('of a remedy that was skipped is skipped, which fails nothing', () => {
    const protocol = { ...PROTOCOL, expectations: { 'be-liberal': ['drop.delta == 0'] } };
    const history = new HistoryBuilder({ protocol, remedies: ['be-liberal'] })
      .symptom()
      .with({ type: 'not-judged', cycle: 'be-liberal', status: 'skipped', reason: 'needs root' });
    const verdict = judge(history.over());
    expect(verdict.expectations).toMatchObject([{ status: 'skipped', reason: 'needs root' }]);
    expect(verdict.outcome.exitCode).toBe(0);
  });

  it('stands on the screen and in the JUnit file', () => {
    const history = run({ fault: ['drop.delta > 999'] });
    const verdict = judge(history);
    const screen = verdictScreen(verdict, extrasOf(history), {
      columns: 80,
      paint: (_, text) => text,
      figures: false,
    });
    expect(screen).toContain('fault: drop.delta > 999  not-met\n  drop.delta is 150, not > 999\n');
    expect(junitXml(verdict)).toContain('name="fault: drop.delta &gt; 999"');
  });

  it('is absent from the verdict where there is none', () => {
    expect(judge(run({}))).not.toHaveProperty('expectations');
  });
});

describe('a symptom', () => {
  it('may compare with the baseline, in the confirm phase as well', () => {
    const symptom = { ...PROTOCOL.symptom, when: ['requests.answered < 0.5 * baseline.requests.answered'] };
    const protocol = { ...PROTOCOL, symptom };
    const history = new HistoryBuilder({ protocol, remedies: ['placebo'] })
      .symptom()
      .remedy('placebo', LOSSY);
    expect(judge(history.over())).toMatchObject({
      symptom: { status: 'reproduced', figures: { 'baseline.requests.answered': 200 } },
      remedies: [{ status: 'no-effect' }],
    });
  });
});

it('a remedy of the scenario’s own is expected as it says itself', () => {
  const ownRemedies = { mine: { summary: 's', expected: 'cured' as const, changes: [] } };
  const history = new HistoryBuilder({ protocol: { ...PROTOCOL, ownRemedies }, remedies: ['mine'] })
    .symptom()
    .remedy('mine', MET);
  expect(judge(history.over()).remedies).toMatchObject([{ status: 'cured', expected: 'cured' }]);
});

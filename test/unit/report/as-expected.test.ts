import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/judge/judge.ts';
import { junitXml } from '../../../src/report/junit.ts';
import { runMarkdown } from '../../../src/report/run-markdown.ts';
import { verdictScreen } from '../../../src/report/screen.ts';
import { extrasOf } from '../../../src/run/reporter.ts';
import { resultOf } from '../../../src/schema/result.ts';
import { HistoryBuilder } from '../judge/history-builder.ts';

/** A run whose placebo was skipped. */
function skipping(expected: Readonly<Record<string, string>>) {
  const history = new HistoryBuilder({ remedies: ['placebo'], expect: expected })
    .symptom()
    .with({ type: 'not-judged', cycle: 'placebo', status: 'skipped', reason: 'needs root' })
    .over();
  const verdict = judge(history, './runs/1');
  return {
    verdict,
    markdown: runMarkdown(history, 'runs/1'),
    screen: verdictScreen(verdict, extrasOf(history), {
      columns: 80,
      paint: (_, text) => text,
      figures: true,
    }),
    junit: junitXml(verdict),
  };
}

describe('a remedy that was skipped', () => {
  it('fails in every report alike where the user stated its status', () => {
    const { verdict, markdown, screen, junit } = skipping({ placebo: 'no-effect' });
    expect(verdict).toMatchObject({
      asExpected: false,
      outcome: { headline: 'FAILED', summary: 'placebo skipped, expected no-effect' },
    });
    expect(markdown).toMatch(/^\| placebo .*\| \*\*no-effect\*\* \|$/m);
    expect(screen).toContain('1 of 2 results as expected');
    expect(junit).toContain('<failure message="skipped, expected no-effect: needs root"');
  });

  it('fails in none where the scenario did', () => {
    const { verdict, markdown, screen, junit } = skipping({});
    expect(verdict).toMatchObject({ asExpected: true, outcome: { headline: 'PASSED' } });
    expect(markdown).toMatch(/^\| placebo .*\| yes .*\|$/m);
    expect(screen).toContain('1 of 1 results as expected');
    expect(junit).not.toContain('<failure');
  });
});

it.each([
  ['cured', 'cured', false, 'passed'],
  ['worse', 'cured', false, 'failed'],
  ['worse', null, false, 'passed'],
  ['inconclusive', 'cured', false, 'inconclusive'],
  ['inconclusive', null, false, 'inconclusive'],
  ['inconclusive', 'inconclusive', true, 'inconclusive'],
  ['skipped', 'cured', false, 'skipped'],
  ['skipped', 'cured', true, 'failed'],
  ['skipped', 'skipped', true, 'skipped'],
])('%s where %s was expected (stated: %s) has %s', (status, expected, stated, result) => {
  expect(resultOf({ status, expected, stated })).toBe(result);
});

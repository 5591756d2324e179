import { describe, expect, it } from 'vitest';
import { compare } from '../../../src/compare/compare.ts';
import { repeated, type Sample, type Side } from '../../../src/compare/side.ts';
import { comparisonMarkdown, comparisonScreen } from '../../../src/report/comparison.ts';
import { comparisonPage } from '../../../src/report/html/comparison-page.ts';
import type { Figures } from '../../../src/schema/verdict.ts';

const KEY = 'saturate × keepalive';

/** One run of one result. */
const side = (status: string, figures: Figures = {}, pace: number | undefined = 1, key = KEY): Side => ({
  name: 'a',
  kind: 'run',
  samples: new Map<string, readonly Sample[]>([[key, [{ status, figures, pace }]]]),
});
const repeats = (status: string, figure: string, values: readonly number[], pace?: number): Side => {
  const [first, ...more] = values.map((value) => side(status, { [figure]: value }, pace ?? 1));
  if (first === undefined) throw new Error('no repeat');
  return repeated('b', [first, ...more]);
};

describe('a comparison', () => {
  it('of a run with itself finds nothing', () => {
    const same = side('cured', { 'requests.failed.rate': 0.3, 'drop.delta': 7 });
    expect(compare(same, same)).toMatchObject({ compared: 1, verdicts: [], figures: [], unsteady: [] });
  });

  it('names a verdict that is another one', () => {
    expect(compare(side('cured'), side('postponed')).verdicts).toEqual([
      { about: KEY, what: 'changed', a: ['cured'], b: ['postponed'] },
    ]);
  });

  it('tells a verdict that differs among repeats from a change', () => {
    const flaky = repeated('b', [side('cured'), side('no-effect')]);
    const { verdicts, unsteady } = compare(side('cured'), flaky);
    expect([verdicts, unsteady]).toEqual([
      [],
      [{ about: KEY, what: 'unsteady', a: ['cured'], b: ['cured', 'no-effect'] }],
    ]);
  });

  it('takes an inconclusive run for no verdict, not for another one', () => {
    expect(compare(side('cured'), side('inconclusive'))).toMatchObject({
      verdicts: [],
      inconclusive: [{ about: KEY, a: ['cured'], b: ['inconclusive'] }],
    });
    const once = repeated('b', [side('inconclusive'), side('cured')]);
    expect(compare(side('cured'), once)).toMatchObject({ verdicts: [], inconclusive: [], unsteady: [] });
  });

  it('names a figure whose repeats lie apart by more than they differ among themselves', () => {
    const a = repeats('cured', 'drop.delta', [100, 104, 102]);
    expect(compare(a, repeats('cured', 'drop.delta', [150, 155])).figures).toEqual([
      {
        about: KEY,
        figure: 'drop.delta',
        unit: 'count',
        a: { runs: 3, mean: 102, least: 100, most: 104 },
        b: { runs: 2, mean: 152.5, least: 150, most: 155 },
      },
    ]);
    expect(compare(a, repeats('cured', 'drop.delta', [106, 120])).figures).toEqual([]);
    expect(compare(a, repeats('cured', 'drop.delta', [103, 160])).figures).toEqual([]);
  });

  it('compares single runs by shares only, and not closely: the noise of one run is unknown', () => {
    const run = (rate: number, drop: number) =>
      side('reduced', { 'requests.failed.rate': rate, 'drop.delta': drop });
    expect(compare(run(0.33, 600), run(0.38, 900)).figures).toEqual([]);
    expect(compare(run(0.33, 600), run(0.6, 600)).figures).toMatchObject([
      { figure: 'requests.failed.rate' },
    ]);
  });

  it('finds nothing where only the machine’s speed differs', () => {
    const speedy = repeats('cured', 'requests.p(95)', [3, 4]);
    expect(compare(speedy, repeats('cured', 'requests.p(95)', [300, 400])).figures).toEqual([]);
    const busy = (share: number) => side('cured', { 'harness.loop.utilisation': share });
    expect(compare(busy(0.2), busy(0.6)).figures).toEqual([]);
    const counts = repeats('cured', 'canaries.answered', [80, 81]);
    expect(compare(counts, repeats('cured', 'canaries.answered', [160, 162], 2)).figures).toEqual([]);
  });

  it('names what only one side has', () => {
    const other = side('cured', {}, 1, 'boom × be-liberal');
    expect(compare(side('cured'), other)).toMatchObject({
      compared: 0,
      onlyA: [KEY],
      onlyB: ['boom × be-liberal'],
    });
  });
});

describe('a comparison’s report', () => {
  const evil = '<script>alert(1)</script> | \u001b[2J';
  const changed = compare(side('cured', {}, 1, evil), side('no-effect', {}, 1, evil));

  it('says the answer first, on a terminal', () => {
    const before = side('cured', { 'requests.failed.rate': 0 });
    const after = { ...side('no-effect', { 'requests.failed.rate': 0.5 }), name: 'b' };
    expect(comparisonScreen(compare(before, after), 80, (_, text) => text)).toBe(
      [
        '1 verdict changed, 1 figure beyond noise; 1 result compared',
        '  from a to b',
        '',
        'Changed verdicts',
        '  saturate × keepalive',
        '    cured → no-effect',
        '',
        'Figures that changed by more than noise',
        '  saturate × keepalive',
        '    requests.failed.rate 0 → 0.5 (+0.5)',
      ].join('\n'),
    );
  });

  it('has no markup and no control of strangers', () => {
    const html = comparisonPage(changed);
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('&#x3C;script>alert');
    expect(comparisonMarkdown(changed)).not.toContain('<script>');
    expect(comparisonScreen(changed, 80, (_, text) => text)).not.toContain('\u001b');
  });

  it('asks nothing of the network', () => {
    expect(comparisonPage(changed)).not.toMatch(/https?:|src=|href=/);
  });
});

import { describe, expect, it, test } from 'vitest';
import { REMEDIES } from '../../../src/remedy/index.ts';
import { verdictScreen } from '../../../src/report/screen.ts';
import { WHY_LENGTH } from '../../../src/schema/own-remedy.ts';
import { SHIPPED, verdictOf } from './shipped-verdicts.ts';

describe('the verdict of a shipped scenario with its own remedies', () => {
  test.each(SHIPPED)('$name fits 80 columns and 24 lines', ({ scenario }) => {
    const { verdict, extras } = verdictOf(scenario);
    const screen = verdictScreen(verdict, extras, {
      columns: 80,
      paint: (_, text) => text,
      figures: false,
    });
    const lines = screen.trimEnd().split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(screen).toMatchSnapshot();
    expect(lines.length).toBeLessThanOrEqual(24);
  });
});

describe('half a line why', () => {
  test.each(REMEDIES)('of $name is declared for both, and short', ({ why }) => {
    expect(Object.keys(why ?? {}).sort()).toEqual(['fails', 'helps']);
    for (const half of [why?.helps ?? '', why?.fails ?? '']) {
      expect(half.length).toBeGreaterThan(5);
      expect(half.length).toBeLessThanOrEqual(WHY_LENGTH);
    }
  });

  it('fits beside the longest name and two statuses', () => {
    const name = Math.max(...REMEDIES.map((each) => each.name.length));
    expect(2 + name + 2 + 'postponed'.length + 2 + 'postponed'.length + 2 + 32).toBeLessThanOrEqual(80);
  });
});

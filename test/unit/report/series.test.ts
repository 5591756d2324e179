import { expect, it } from 'vitest';
import { Series, sum } from '../../../src/report/series.ts';

it('a sparkline has a sign for each quarter of a second, and a blank where nothing was measured', () => {
  const series = new Series(1000, sum);
  for (const [t, value] of [
    [1000, 1],
    [1100, 1],
    [1250, 8],
    [1800, 4],
  ] as const)
    series.add(t, value);
  expect(series.spark(10)).toBe('▃█ ▅');
  expect(series.spark(2)).toBe(' ▅');
  expect(series.spark(10, 16)).toBe('▂▅ ▃');
});

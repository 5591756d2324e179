import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriv, rate, type Scrape } from '../../../src/figure/prometheus.ts';

const every15s = (...values: number[]): Scrape[] => values.map((value, i) => ({ t: i * 15, value }));
const gauges = fc.array(fc.integer({ min: 0, max: 300_000 }), { minLength: 2, maxLength: 60 });

describe('rate and deriv', () => {
  it('agree on what only grows steadily', () => {
    const steady = every15s(0, 150, 300, 450);
    expect(rate(steady)).toBeCloseTo(10);
    expect(deriv(steady)).toBeCloseTo(10);
  });

  it('differ by the whole gauge where it falls by one', () => {
    const almostStill = every15s(250_000, 249_999, 250_000, 249_999, 250_000);
    expect(Math.abs(deriv(almostStill) ?? NaN)).toBeLessThan(0.1);
    expect(rate(almostStill)).toBeGreaterThan(8_000);
  });

  it('have nothing to say of fewer than two scrapes', () => {
    expect([rate([]), deriv([]), rate(every15s(5)), deriv(every15s(5))]).toEqual(Array(4).fill(undefined));
  });

  it('rate is never negative, and is the slope between the ends where nothing falls', () => {
    fc.assert(
      fc.property(gauges, (values) => {
        const falling = rate(every15s(...values)) ?? NaN;
        expect(falling).toBeGreaterThanOrEqual(0);
        const sorted = values.toSorted((a, b) => a - b);
        const span = (sorted.length - 1) * 15;
        expect(rate(every15s(...sorted))).toBeCloseTo(((sorted.at(-1) ?? 0) - (sorted[0] ?? 0)) / span);
      }),
    );
  });

  it('deriv changes its sign when time is turned round, and does not care for the level', () => {
    fc.assert(
      fc.property(gauges, fc.integer({ min: 0, max: 100_000 }), (values, level) => {
        const slope = deriv(every15s(...values)) ?? NaN;
        expect(deriv(every15s(...values.toReversed()))).toBeCloseTo(-slope, 3);
        expect(deriv(every15s(...values.map((value) => value + level)))).toBeCloseTo(slope, 3);
      }),
    );
  });
});

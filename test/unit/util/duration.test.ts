import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { milliseconds, moment, seconds } from '../../../src/util/bounds.ts';
import { DURATION, formatDuration, parseDuration } from '../../../src/util/duration.ts';

describe('a duration with units', () => {
  it('is read as it was written, to the microsecond', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 45 }), (microseconds) => {
        const text = formatDuration(microseconds / 1000);
        expect(text).toMatch(DURATION);
        expect(parseDuration(text)).toBe(microseconds / 1000);
      }),
    );
  });

  it.each([
    [0, '0s'],
    [0.5, '0.5ms'],
    [250, '250ms'],
    [1500, '1.5s'],
    [90_000, '90s'],
    [120_000, '2m'],
    [5_400_000, '90m'],
    [86_400_000, '24h'],
  ])('of %d ms is written %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('may have several units, as Go writes it', () => {
    expect(parseDuration('1h0m30.5s')).toBe(3_630_500);
  });
});

describe('a duration in a file', () => {
  const limit = seconds('A time limit.');

  it('is a number of the unit that its description names, or text with a unit', () => {
    expect(limit.description).toBe('A time limit. A bare number is in seconds.');
    expect([0.25, '0.25s', '250ms'].map((given) => limit.parse(given))).toEqual([0.25, 0.25, 0.25]);
    const every = milliseconds('Between two.');
    expect(every.description).toBe('Between two. A bare number is in milliseconds.');
    expect([250, '0.25s', '250ms'].map((given) => every.parse(given))).toEqual([250, 250, 250]);
  });

  it.each(['1 s', '1,5s', '5 minutes', '-1s', 's', '1d', '', true, null])('is not %j', (given) => {
    const [issue] = limit.safeParse(given).error?.issues ?? [];
    expect(issue?.message).toBe('is not a duration; give 500ms, 1.5s or 2m, or a number of seconds');
  });

  it('has the same bounds in either form', () => {
    for (const given of [3601, '3601s', '2h', 0, '0s']) expect(limit.safeParse(given).success).toBe(false);
    expect(moment('When.').parse('0s')).toBe(0);
    expect(milliseconds('Between two.').safeParse('1.5ms').success).toBe(false);
  });
});

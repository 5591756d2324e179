import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allHold, holds } from '../../../src/judge/expectation.ts';
import { formatExpectation, parseExpectation } from '../../../src/schema/expectation.ts';
import { expectationSchema } from '../../../src/schema/protocol.ts';

const figures = {
  'requests.offered': 10,
  'requests.p(95)': 480,
  'requests.failed.rate': 0.3,
  'drop.delta': 0,
};

describe('an expectation', () => {
  it.each([
    ['requests.failed.rate > 0.2', true],
    ['requests.failed.rate<0.2', false],
    ['requests.p(95) < 500', true],
    ['requests.p(95) < 480', false],
    ['requests.p(95) <= 480', true],
    ['requests p(95) >= 480', true],
    ['requests.p(95) > 480', false],
    ['drop.delta == 0', true],
    ['drop.delta != 0', false],
    ['drop.delta <= -1', false],
    ['requests.(28) == 0', true],
    ['requests.unknown > 0', undefined],
  ])('%s is %s', (text, held) => {
    expect(holds(parseExpectation(text), figures)).toBe(held);
  });

  it.each([
    ['requests.p(95) > 2 * baseline.requests.p(95)', true],
    ['requests p(95) > 4.8 * baseline.requests p(95)', false],
    ['drop.delta >= baseline.drop.delta', true],
    ['baseline.requests.p(95) < requests.p(95)', true],
    ['drop.delta > fault.drop.delta', undefined],
    ['lots.of.it > 2 * baseline.drop.delta', undefined],
  ])('over two phases, %s is %s', (text, held) => {
    const baseline = { 'requests.p(95)': 100, 'drop.delta': 0 };
    expect(holds(parseExpectation(text), figures, { baseline })).toBe(held);
  });

  it.each([
    ['requests p(95.0)<50', 'requests.p(95) < 50'],
    ['in-flight.requests.failed.rate>0.2', 'live.requests.failed.rate > 0.2'],
    [' drop.delta>1*baseline.drop.delta ', 'drop.delta > baseline.drop.delta'],
    ['lookups.outcome[too late] == 0', 'lookups.outcome[too late] == 0'],
    ['lookups.too late == 0', 'lookups.outcome[too late] == 0'],
    [
      'connections.(28)>2*baseline.connections.(28)',
      'connections.outcome[(28)] > 2 * baseline.connections.outcome[(28)]',
    ],
    ['pods.CrashLoopBackOff == 1', 'pods.CrashLoopBackOff == 1'],
    ['state.TIME_WAIT > 0', 'state.TIME_WAIT > 0'],
  ])('%s is written %s', (text, written) => {
    expect(formatExpectation(parseExpectation(text))).toBe(written);
    expect(formatExpectation(parseExpectation(written))).toBe(written);
  });

  it('is read wherever a scenario’s schema accepts it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          'requests.failed.rate',
          'requests.p(95)',
          'requests p(99.9)',
          'worker-2.drop.delta',
          'lookups.outcome[(-3)]',
        ),
        fc.constantFrom('<=', '>=', '<', '>', '==', '!='),
        fc.integer({ min: -1e6, max: 1e6 }).map((n) => n / 100),
        fc.constantFrom('', ' ', '  '),
        (name, operator, number, blank) => {
          const text = `${blank}${name}${blank}${operator}${blank}${String(number)}${blank}`;
          expect(expectationSchema.safeParse(text).success).toBe(true);
          expect(parseExpectation(text)).toEqual({
            term: { phase: undefined, figure: name.replace(' ', '.') },
            operator,
            number,
            other: undefined,
          });
        },
      ),
    );
  });

  it('that is none is refused by name', () => {
    expect(() => parseExpectation('lots of drops')).toThrow(
      'an expectation reads FIGURE > NUMBER, or FIGURE > 2 * OTHER.FIGURE, not `lots of drops`',
    );
  });
});

describe('all of several expectations', () => {
  it('hold only if each does, and the one that does not is named with its value', () => {
    expect(allHold(['drop.delta == 0', 'requests.p(95) < 500'], figures)).toEqual({ met: true });
    expect(allHold(['drop.delta == 0', 'requests.failed.rate > 0.5'], figures)).toEqual({
      met: false,
      why: 'requests.failed.rate is 0.3, not > 0.5',
    });
  });

  it('can’t be told where one figure is missing, even if another does not hold', () => {
    expect(allHold(['drop.delta > 0', 'nothing > 0'], figures)).toEqual({
      met: undefined,
      why: 'there is no figure nothing',
    });
  });
});

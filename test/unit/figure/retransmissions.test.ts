import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EventOf } from '../../../src/schema/history.ts';
import { figuresWith, PHASE } from './phase-figures.ts';

const unit = 'requests';

function outcomes(outcome: string, due: number[], latency: number[], resent?: number[]): EventOf<'outcomes'> {
  return { type: 'outcomes', t: 0, phase: PHASE, unit, outcome, due, latency, ...(resent && { resent }) };
}

/** The figures of these outcomes of so many that were offered, without their unit. */
function ofOutcomes(events: readonly EventOf<'outcomes'>[], count: number): Record<string, number> {
  const figures = figuresWith([...events, { type: 'offered', t: 0, phase: PHASE, unit, count, lateP95: 0 }]);
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name.replace(`${unit}.`, ''), value]),
  );
}

/** `slow.rate` and `waited.…` of answers that took so long. */
function waits(latency: readonly number[], count: number, resent?: number[]): Record<string, number> {
  const due = latency.map(() => 0);
  const figures = ofOutcomes([outcomes('ok', due, [...latency], resent)], count);
  return Object.fromEntries(Object.entries(figures).filter(([name]) => /^(slow|waited)\./.test(name)));
}

it('the kernel tells what waited where it was asked: a slow answer is not late, a SYN sent again is', () => {
  expect(waits([2_500, 3, 1_004], 4, [0, 0, 1])).toEqual({ 'slow.rate': 0.5, 'waited.1s': 1 });
});

it('what waited is counted by the seconds that a SYN waits to be sent again', () => {
  expect(waits([2, 3, 999, 1004, 2006, 3007], 8)).toEqual({
    'slow.rate': 0.75,
    'waited.1s': 2,
    'waited.2s': 1,
    'waited.3s': 1,
  });
});

it('every answer is prompt or in one of the steps', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 9e4, noNaN: true })), fc.nat(10), (latencies, lost) => {
      const offered = latencies.length + lost;
      const { 'slow.rate': slow = 0, ...steps } = waits(latencies, offered);
      const late = Object.values(steps).reduce((sum, count) => sum + count, 0);
      expect(Math.round(slow * offered)).toBe(late + lost);
    }),
  );
});

it('what failed in a row is told by when it was due, whatever order it ended in', () => {
  const events = [outcomes('ok', [40, 0], [1, 1]), outcomes('(28)', [30, 10, 20, 50], [9, 9, 9, 9])];
  expect(ofOutcomes(events, 6)['failed.inARow']).toBe(3);
});

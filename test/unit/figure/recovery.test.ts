import { expect, it } from 'vitest';
import type { PhaseEvent } from '../../../src/history/run.ts';
import type { EventOf } from '../../../src/schema/history.ts';
import { figuresWith, PHASE } from './phase-figures.ts';

it('the recovery of a phase is found among more answers than a call has room for arguments', () => {
  const answers = 200_000;
  const unit = 'requests';
  const outcomes = (due: number, latency: number): PhaseEvent => ({
    ...{ type: 'outcomes', t: 2000, phase: PHASE, unit, outcome: 'ok' },
    due: Array.from({ length: answers }, () => due),
    latency: Array.from({ length: answers }, () => latency),
  });
  const events: PhaseEvent[] = [
    { type: 'phase', t: 0, phase: PHASE, edge: 'start' },
    outcomes(500, 700),
    outcomes(1500, 35),
    { type: 'offered', t: 2000, phase: PHASE, unit, count: 2 * answers, lateP95: 0 },
    { type: 'phase', t: 3000, phase: PHASE, edge: 'end' },
  ];
  const flush: EventOf<'change'> = {
    ...{ type: 'change', t: 1000, cycle: 'symptom', action: 'apply', emulated: false },
    change: { kind: 'flush', node: 'worker-1' },
    node: 'worker-1',
    before: 1200,
    after: 0,
  };
  expect(figuresWith(events, [flush])).toMatchObject({
    flushed: 1200,
    'requests.recovery': 0.535,
    'requests.stragglers': 0.2,
  });
});

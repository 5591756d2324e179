import { describe, expect, it } from 'vitest';
import type { PhaseEvent } from '../../src/history/select.ts';
import { recovery } from '../../src/judge/recovery.ts';
import type { HistoryEvent } from '../../src/schema/history.ts';

describe('the recovery of a phase', () => {
  it('is found among more answers than a call has room for arguments', () => {
    const phase = { cycle: 'symptom', stage: 'fault' } as const;
    const answers = 200_000;
    const outcomes = (due: number, latency: number): PhaseEvent => ({
      ...{ type: 'outcomes', t: 2000, phase, unit: 'requests', outcome: 'ok' },
      due: Array.from({ length: answers }, () => due),
      latency: Array.from({ length: answers }, () => latency),
    });
    const events: PhaseEvent[] = [
      { type: 'phase', t: 0, phase, edge: 'start' },
      outcomes(500, 700),
      outcomes(1500, 35),
      { type: 'phase', t: 3000, phase, edge: 'end' },
    ];
    const flush: HistoryEvent = {
      ...{ type: 'change', t: 1000, cycle: 'symptom', action: 'apply', emulated: false },
      change: { kind: 'flush', node: 'worker-1' },
      node: 'worker-1',
      before: 1200,
      after: 0,
    };
    expect(recovery([...events, flush], events)).toEqual({
      flushed: 1200,
      'requests.recovery': 0.535,
      'requests.stragglers': 0.2,
    });
  });
});

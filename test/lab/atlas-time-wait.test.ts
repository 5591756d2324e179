import { describe, expect, it } from 'vitest';
import { ACCOUNTED } from './accounted.ts';
import { verdict } from './command.ts';

describe('time-wait', () => {
  it('time-wait: closed connections stay for two minutes, and a shorter timeout does not help at once', async () => {
    const { code, verdict: seen } = await verdict(['time-wait', '--remedy', 'keepalive,timeout-time-wait']);
    expect(seen.symptom).toMatchObject({
      status: 'reproduced',
      figures: {
        'requests.answered': 1200,
        'state.TIME_WAIT': 1200,
        'early_drop.delta': 0,
        conservation: ACCOUNTED,
      },
    });
    expect(seen.symptom.figures['timeout.TIME_WAIT']).toBeGreaterThan(115);
    const [keepalive, shorter] = seen.remedies;
    expect([keepalive?.status, shorter?.status]).toEqual(['cured', 'no-effect']);
    expect(shorter?.figures['timeout.TIME_WAIT']).toBeLessThanOrEqual(30);
    expect(code).toBe(0);
  });

  it('time-wait shows no symptom without the fault', async () => {
    const { code, verdict: seen } = await verdict(['time-wait', '--control']);
    expect([code, seen.symptom.status]).toEqual([0, 'not-reproduced']);
    expect(seen.symptom.figures['state.TIME_WAIT']).toBe(2100);
  });
});

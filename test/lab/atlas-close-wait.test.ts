import { describe, expect, it } from 'vitest';
import { ACCOUNTED } from './accounted.ts';
import { verdict } from './command.ts';

describe('close-wait', () => {
  it('close-wait: half-closed connections stay for an hour, and new ones can be given less', async () => {
    const { code, verdict: seen } = await verdict(['close-wait', '--remedy', 'timeout-close-wait']);
    expect(seen.symptom).toMatchObject({ status: 'reproduced', figures: { conservation: ACCOUNTED } });
    expect(seen.symptom.figures['state.CLOSE_WAIT']).toBeGreaterThan(1100);
    expect(seen.symptom.figures['timeout.CLOSE_WAIT']).toBeGreaterThan(3590);
    const [shorter] = seen.remedies;
    expect(shorter?.status).toBe('no-effect');
    expect(shorter?.figures['timeout.CLOSE_WAIT']).toBeLessThanOrEqual(15);
    expect(code).toBe(0);
  });

  it('close-wait: with the kernel’s own timeout they stay for a minute', async () => {
    const { code, verdict: seen } = await verdict([
      'close-wait',
      '--param',
      'timeout=kernel',
      '--remedy',
      'none',
    ]);
    expect([code, seen.symptom.status]).toEqual([0, 'reproduced']);
    expect(seen.symptom.figures['timeout.CLOSE_WAIT']).toBeLessThanOrEqual(60);
  });

  it('close-wait shows no symptom without the fault', async () => {
    const { code, verdict: seen } = await verdict(['close-wait', '--control']);
    expect([code, seen.symptom.status]).toEqual([0, 'not-reproduced']);
  });
});

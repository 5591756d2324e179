import { describe, expect, it } from 'vitest';
import { ACCOUNTED } from './accounted.ts';
import { statuses, verdict } from './command.ts';

describe('saturate', () => {
  it('saturate fills the table to the packet, and only room or fewer connections help', async () => {
    const { code, verdict: seen } = await verdict(['saturate', '--seed', '7']);
    expect(seen.symptom).toMatchObject({ status: 'reproduced', figures: { conservation: ACCOUNTED } });
    // One entry an answer; the kernel's gc may have freed a few for others.
    const { 'requests.answered': answered = NaN, relief = 0 } = seen.symptom.figures;
    expect(Math.abs(answered - relief - 1200)).toBeLessThanOrEqual(2);
    expect(statuses(seen)).toEqual({
      'raise-max': 'postponed',
      // It needs more room than there is ballast to remove.
      'raise-max-for-good': 'skipped',
      'raise-buckets': 'skipped',
      'be-liberal': 'no-effect',
      'shorter-timeouts': 'no-effect',
      keepalive: 'cured',
      headless: 'no-effect',
      notrack: 'cured',
      placebo: 'no-effect',
    });
    expect(seen.remedies.filter(({ emulated }) => emulated).map(({ name }) => name)).toEqual(['raise-max']);
    expect(seen.restore).toEqual({ status: 'complete', left: [] });
    expect([code, seen.asExpected]).toEqual([0, true]);
  });

  it('saturate works with kept instead of closed connections', async () => {
    const { code, verdict: seen } = await verdict(['saturate', '--param', 'fill=held', '--remedy', 'none']);
    expect([code, seen.symptom.status]).toEqual([0, 'reproduced']);
  });

  it('saturate is right twice at once', async () => {
    const run = ['saturate', '--remedy', 'none'];
    const seen = await Promise.all([verdict(run), verdict(run)]);
    expect(seen.map(({ code }) => code)).toEqual([0, 0]);
  });
});

import { describe, expect, it } from 'vitest';
import { ACCOUNTED } from './accounted.ts';
import { statuses, verdict } from './command.ts';

describe('stale-headless-dns', () => {
  it('stale-headless-dns: clients keep the old answer for the record’s TTL, and no conntrack remedy changes that', async () => {
    const remedies = 'shorter-record-ttl,conntrack-delete,placebo';
    const { code, verdict: seen } = await verdict(['stale-headless-dns', '--remedy', remedies]);
    const { figures } = seen.symptom;
    expect(seen.symptom.status).toBe('reproduced');
    expect(figures['requests.firstFailure']).toBeGreaterThanOrEqual(1.2);
    // The pods change at 1.2 s and disappear at 1.4 s, and an answer may be kept for 1 s.
    expect(figures['requests.lastFailure']).toBeLessThan(2.5);
    expect(figures).toMatchObject({ 'drop.delta': 0, conservation: ACCOUNTED });
    expect(statuses(seen)).toEqual({
      'shorter-record-ttl': 'cured',
      'conntrack-delete': 'no-effect',
      placebo: 'no-effect',
    });
    expect([code, seen.restore.status]).toEqual([0, 'complete']);
  });

  it('stale-headless-dns shows no symptom while the pods stay', async () => {
    const { code, verdict: seen } = await verdict(['stale-headless-dns', '--control']);
    expect([code, seen.symptom.status]).toEqual([0, 'not-reproduced']);
  });
});

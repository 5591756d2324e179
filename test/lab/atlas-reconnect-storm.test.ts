import { describe, expect, it } from 'vitest';
import { verdict } from './command.ts';

describe('reconnect-storm', () => {
  it('reconnect-storm leaves out the clients for whom the old entries leave no room', async () => {
    const { code, verdict: seen } = await verdict(['reconnect-storm', '--remedy', 'none']);
    const { figures } = seen.symptom;
    expect(seen.symptom.status).toBe('reproduced');
    // 75,000 entries: 50,000 old ones, and room for 25,000 clients.
    expect(figures['clients.answered']).toBeGreaterThan(24_900);
    expect(figures['clients.answered']).toBeLessThan(26_000);
    expect(figures['baseline.clients.answered']).toBe(50_000);
    expect(figures['baseline.entries.max']).toBe(100_000);
    expect(Math.abs(figures.conservation ?? NaN)).toBeLessThanOrEqual(100);
    expect([code, seen.restore.status]).toEqual([0, 'complete']);
  });

  it('reconnect-storm shows no symptom if the table has room for all clients twice', async () => {
    const { code, verdict: seen } = await verdict(['reconnect-storm', '--control']);
    expect([code, seen.symptom.status]).toEqual([0, 'not-reproduced']);
  });
});

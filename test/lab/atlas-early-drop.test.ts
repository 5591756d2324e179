import { describe, expect, it } from 'vitest';
import { ACCOUNTED } from './accounted.ts';
import { verdict } from './command.ts';

describe('early-drop', () => {
  it('early-drop evicts to the entry if the table is full of unassured ones, and room cures it', async () => {
    const { code, verdict: seen } = await verdict(['early-drop', '--remedy', 'raise-max,timeout-udp']);
    const { figures, status } = seen.symptom;
    expect(status).toBe('reproduced');
    // 2,144 were free; each dropped flow is one eviction less.
    expect((figures['early_drop.delta'] ?? 0) + (figures['drop.delta'] ?? 0)).toBeGreaterThanOrEqual(
      5600 - 2144,
    );
    expect(figures).toMatchObject({ 'flows.answered': 5600, conservation: ACCOUNTED });
    expect(seen.remedies.map((remedy) => remedy.status)).toEqual(['postponed', 'no-effect']);
    expect(code).toBe(0);
  });

  it('early-drop drops if the table is full of assured ones: free, evicted and dropped add up to the flows sent', async () => {
    const { code, verdict: seen } = await verdict([
      'early-drop',
      '--param',
      'table=assured',
      '--remedy',
      'none',
    ]);
    const { 'early_drop.delta': evicted = 0, 'drop.delta': dropped = 0 } = seen.symptom.figures;
    expect(2144 + evicted + dropped).toBe(20_480);
    expect(dropped).toBeGreaterThan(5 * evicted);
    expect([code, seen.symptom.status]).toEqual([0, 'reproduced']);
  });

  it('early-drop shows no symptom without the fault', async () => {
    const { code, verdict: seen } = await verdict(['early-drop', '--control']);
    expect([code, seen.symptom.status, seen.symptom.figures['early_drop.delta']]).toEqual([
      0,
      'not-reproduced',
      0,
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { statuses, verdict } from './command.ts';

describe('dns-storm', () => {
  it('dns-storm counts 8 queries and 4 entries a lookup, and asking for less postpones it', async () => {
    const { code, verdict: seen } = await verdict(['dns-storm', '--remedy', 'ndots-2,trailing-dot']);
    const [ndots, dot] = seen.remedies.map(({ figures }) => figures);
    expect(seen.symptom.figures).toMatchObject({
      'baseline.queries.perLookup.two-dots': 8,
      'baseline.entries.perLookup.two-dots': 4,
    });
    expect(ndots).toMatchObject({ 'queries.perLookup.two-dots': 2, 'queries.perLookup.one-dot': 8 });
    expect(dot).toMatchObject({ 'queries.perLookup.one-dot': 2, 'entries.perLookup.one-dot': 1 });
    const escaped = Object.entries(seen.symptom.figures).filter(([name]) => name.endsWith('packets.escaped'));
    expect(escaped.map(([, count]) => count)).toEqual([0, 0, 0]);
    expect(statuses(seen)).toEqual({
      'ndots-2': 'postponed',
      'trailing-dot': 'postponed',
    });
    expect(code).toBe(0);
  });

  it('dns-storm shows no symptom without the fault', async () => {
    const { code, verdict: seen } = await verdict(['dns-storm', '--control']);
    expect([code, seen.symptom.status, seen.remedies]).toEqual([0, 'not-reproduced', []]);
  });
});

import { describe, expect, it } from 'vitest';
import { verdict } from './command.ts';

describe('saturate', () => {
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

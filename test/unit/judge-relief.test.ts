import { describe, expect, it } from 'vitest';
import { judgeSymptom } from '../../src/judge/symptom.ts';
import { HistoryBuilder, UNMET } from './history-builder.ts';

/** A table of 1,000 that ends at so many entries, 300 of those that entered having gone otherwise. */
const ending = (last: number) => ({
  ...UNMET,
  entries: [900, last] as const,
  totals: { ...UNMET.totals, 'packets.entered': last - 900 + 300 },
});

describe('a fault’s phase in which the collector made room', () => {
  it('is spoilt where the table was full, or so nearly that the collector may have kept it from it', () => {
    for (const last of [1_000, 960]) {
      const { status, reason } = judgeSymptom(new HistoryBuilder().symptom(ending(last)).over());
      expect([status, reason]).toEqual(['inconclusive', expect.stringContaining('freed 300 entries')]);
    }
  });

  it('is not where so much was free that the collector takes nothing', () => {
    expect(judgeSymptom(new HistoryBuilder().symptom(ending(940)).over()).status).toBe('reproduced');
  });

  it('is not where the scenario looks for just that', () => {
    const history = new HistoryBuilder({ protocol: { relief: true } }).symptom(ending(1_000)).over();
    expect(judgeSymptom(history).status).toBe('reproduced');
  });
});

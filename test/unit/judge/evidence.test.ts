import { describe, expect, it } from 'vitest';
import { Observations } from '../../../src/judge/observations.ts';
import { judge } from '../../../src/judge/judge.ts';
import { whyRetry } from '../../../src/judge/retry.ts';
import { HistoryBuilder, MET, LOSSY, type PhaseStory } from './history-builder.ts';

/** Most of the demand fails, and `drop`, which the fault moves, stands still. */
const NO_COUNTER: PhaseStory = { ...LOSSY, counters: {}, totals: {} };
const verdictOf = (fresh: PhaseStory) =>
  judge(new HistoryBuilder({ remedies: ['notrack'] }).symptom().remedy('notrack', fresh).over()).remedies[0];
const phase = { cycle: 'notrack', stage: 'fresh' } as const;
const retryOf = (fresh: PhaseStory) =>
  whyRetry(
    new Observations(new HistoryBuilder({ remedies: ['notrack'] }).symptom().remedy('notrack', fresh).over()),
    phase,
  );

describe('a failure that no counter of the fault explains', () => {
  it('is put down to no remedy where only a clock saw it', () => {
    expect(verdictOf({ ...NO_COUNTER, failure: '(28) Operation timed out' })).toMatchObject({
      status: 'inconclusive',
      reason: expect.stringContaining('conntrack did not cause it') as string,
    });
  });

  it('is the remedy’s where the client was told of it', () => {
    const refused = { ...NO_COUNTER, failure: '(22) The requested URL returned error: 504' };
    expect(verdictOf(refused)?.status).not.toBe('inconclusive');
  });

  it('is looked at again at half the pace in either case', () => {
    for (const failure of ['(28) Operation timed out', '(22) The requested URL returned error: 504'])
      expect(retryOf({ ...NO_COUNTER, failure })).toMatchObject({ slower: 'once' });
    expect(retryOf(MET)).toBeUndefined();
    expect(retryOf(LOSSY)).toBeUndefined();
  });
});

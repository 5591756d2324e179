import { describe, expect, it } from 'vitest';
import { isRoot, statuses, verdict } from './command.ts';

const needsRoot = isRoot ? '' : ' (skipped: needs root)';

describe('a run that changes the machine’s limit', () => {
  it.skipIf(!isRoot)(
    `a run with raise-buckets finds that more buckets alone do nothing for saturate${needsRoot}`,
    async () => {
      const { code, verdict: seen } = await verdict(
        ['saturate', '--single-pass', '--remedy', 'raise-buckets'],
        'root',
      );
      expect([code, statuses(seen)]).toEqual([0, { 'raise-buckets': 'no-effect' }]);
      expect(seen.remedies[0]?.figures.buckets).toBe(4 * (seen.symptom.figures.buckets ?? 0));
    },
  );

  it.skipIf(!isRoot)(
    `a run with --squeeze sysctl does not stop lookups: in few buckets they evict each other${needsRoot}`,
    async () => {
      const { code, verdict: seen } = await verdict(
        ['dns-storm', '--squeeze', 'sysctl', '--remedy', 'none'],
        'root',
      );
      expect(seen.symptom).toMatchObject({ status: 'not-reproduced', figures: { 'drop.delta': 0 } });
      expect(seen.symptom.figures['early_drop.delta']).toBeGreaterThan(1000);
      expect(code).toBe(0);
    },
  );
});

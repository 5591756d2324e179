import { describe, expect, it } from 'vitest';
import { isRoot, statuses, verdict } from '../command.ts';

const needsRoot = isRoot ? '' : ' (skipped: needs root)';

describe('a run that changes the machine’s limit', () => {
  it.skipIf(!isRoot)(
    `a run squeezes by the machine’s maximum, records what the kernel made of 300 buckets, and another waits for it${needsRoot}`,
    async () => {
      const [squeezed, raised] = await Promise.all([
        verdict(
          ['saturate', '--squeeze', 'sysctl', '--single-pass', '--remedy', 'raise-max-for-good'],
          'root',
        ),
        verdict(['saturate', '--single-pass', '--remedy', 'raise-max'], 'root'),
      ]);
      expect(squeezed.verdict.squeeze).toMatchObject({
        asked: { nf_conntrack_max: 1200, nf_conntrack_buckets: 300 },
        got: { nf_conntrack_max: 1200, nf_conntrack_buckets: 512 },
      });
      expect(statuses(squeezed.verdict)).toEqual({ 'raise-max-for-good': 'cured' });
      expect([squeezed.code, squeezed.verdict.restore.status]).toEqual([0, 'complete']);
      const [raise] = raised.verdict.remedies;
      expect(raise).toMatchObject({ status: 'postponed', emulated: false });
      expect(raise?.figures.limit).toBe((raised.verdict.symptom.figures.limit ?? 0) + 3600);
      expect([raised.code, raised.verdict.restore.status]).toEqual([0, 'complete']);
    },
  );
});

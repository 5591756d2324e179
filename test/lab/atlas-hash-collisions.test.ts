import { describe, expect, it } from 'vitest';
import { isRoot, verdict } from './command.ts';
import { readSysctl } from '../../src/kernel/sysctl.ts';

describe('hash-collisions', () => {
  it('hash-collisions is skipped without root, with the reason', async () => {
    const { code, verdict: seen } = await verdict(['hash-collisions']);
    expect(seen.symptom).toMatchObject({
      status: 'skipped',
      reason: expect.stringContaining('run as root') as string,
    });
    expect(code).toBe(2);
  });

  it.skipIf(!isRoot)(
    'hash-collisions fails in an almost empty table and on another node, and only more buckets help',
    async () => {
      const before = readSysctl('net.netfilter.nf_conntrack_buckets');
      const remedies = ['--remedy', 'raise-buckets,raise-max'];
      const { code, verdict: seen } = await verdict(['hash-collisions', ...remedies], 'root');
      const { figures, status } = seen.symptom;
      expect([status, figures.buckets, figures['drop.delta']]).toEqual(['reproduced', 512, 0]);
      expect(figures['worker-2.chaintoolong.delta']).toBeGreaterThan(0);
      expect(figures['entries.max']).toBeLessThan(20_000);
      expect(seen.remedies.map((remedy) => remedy.status)).toEqual(['cured', 'no-effect']);
      expect([code, seen.restore.status, readSysctl('net.netfilter.nf_conntrack_buckets')]).toEqual([
        0,
        'complete',
        before,
      ]);
    },
  );

  it.skipIf(!isRoot)('hash-collisions shows no symptom without the fault', async () => {
    const { code, verdict: seen } = await verdict(['hash-collisions', '--control'], 'root');
    expect([code, seen.symptom.status]).toEqual([0, 'not-reproduced']);
  });
});

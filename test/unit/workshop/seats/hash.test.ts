import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LONGEST_MEAN_CHAIN, meanChain } from '../../../../src/kernel/sizing.ts';
import { tooManyTables } from '../../../../src/workshop/seats/hash.ts';

const DEFAULT = { max: 262_144, buckets: 262_144 };

it('a class of twelve with full tables fits the hash as the kernel makes it, one of twenty does not', () => {
  expect(tooManyTables(12, DEFAULT)).toBeUndefined();
  expect(tooManyTables(20, DEFAULT)).toBe(
    '20 labs with a full table put 40 entries into each chain of this machine’s hash, and the kernel cuts chains at 50: for the class, sudo sysctl -w net.netfilter.nf_conntrack_buckets=419840, or --seats 12',
  );
});

it('both ways out that it names are enough', () => {
  const sizes = fc.record({
    max: fc.integer({ min: 1, max: 1 << 24 }),
    buckets: fc.integer({ min: 512, max: 1 << 24 }),
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), sizes, (labs, size) => {
      const why = tooManyTables(labs, size) ?? '';
      const [, buckets] = /buckets=(\d+)/.exec(why) ?? [];
      if (buckets !== undefined)
        expect(tooManyTables(labs, { ...size, buckets: Number(buckets) })).toBeUndefined();
      const [, seats] = /--seats (\d+)/.exec(why) ?? [];
      if (seats !== undefined)
        expect(meanChain(Number(seats) * size.max, size.buckets)).toBeLessThanOrEqual(LONGEST_MEAN_CHAIN);
    }),
  );
});

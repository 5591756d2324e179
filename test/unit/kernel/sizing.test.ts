import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { byFormula, byKernel, byKubeProxy, type Machine } from '../../../src/kernel/sizing.ts';
import { parseNetstat } from '../../../src/kernel/netstat.ts';
import { objectSize } from '../../../src/kernel/slab.ts';

const GIB = 2 ** 30;
const machine = (gib: number, bits: 32 | 64 = 64, cores = 2): Machine => ({
  ramBytes: gib * GIB,
  cores,
  bits,
});

describe('the size of a table', () => {
  it('is 131,072 by the formula for the 4 GiB that it is quoted with, and grows without end', () => {
    expect([byFormula(machine(4)), byFormula(machine(64)), byFormula(machine(4, 32))]).toEqual([
      131_072, 2_097_152, 262_144,
    ]);
  });

  test.each<[gib: number, kernel: readonly [number, number], max: number, buckets: number]>([
    [24, [6, 18], 262_144, 262_144],
    [24, [5, 14], 262_144, 65_536],
    [4, [6, 18], 65_536, 65_536],
    [2, [5, 4], 65_536, 16_384],
    [1, [6, 18], 8_192, 8_192],
    [1, [5, 4], 32_768, 8_192],
    [0.01, [6, 18], 1_024, 1_024],
  ])('is of %d GiB on kernel %j %d entries in %d buckets', (gib, kernel, max, buckets) => {
    expect(byKernel(machine(gib), kernel)).toEqual({ max, buckets });
  });

  it('is never more than 262,144 by the kernel, nor smaller with more memory', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 4096, noNaN: true }), fc.nat(64), (gib, more) => {
        const [less, greater] = [byKernel(machine(gib), [6, 18]), byKernel(machine(gib + more), [6, 18])];
        expect(less.max).toBeLessThanOrEqual(greater.max);
        expect(greater.max).toBeLessThanOrEqual(262_144);
      }),
    );
  });

  test.each([
    [2, false, 131_072, 32_768],
    [8, false, 262_144, 65_536],
    [64, false, 2_097_152, 524_288],
    [64, true, 1_048_576, 262_144],
  ])('is of %d cores by kube-proxy (capped: %s) %d entries in %d buckets', (cores, capped, max, buckets) => {
    expect(byKubeProxy(machine(4, 64, cores), capped)).toEqual({ max, buckets });
  });
});

describe('/proc/net/netstat', () => {
  it('has a line of names and a line of numbers for each group', () => {
    const text = 'TcpExt: SyncookiesSent IPReversePathFilter\nTcpExt: 0 800\nIpExt: InOctets\nIpExt: 7\n';
    expect(parseNetstat(text)).toEqual({ SyncookiesSent: 0, IPReversePathFilter: 800, InOctets: 7 });
  });
});

describe('/proc/slabinfo', () => {
  const text =
    'slabinfo - version: 2.1\nnf_conntrack_expect 0 0 208 19 1\nnf_conntrack 270624 270624 256 16 1 : tunables 0 0 0\n';

  it('tells the size of a conntrack entry', () => {
    expect([objectSize(text, 'nf_conntrack'), objectSize(text, 'nf_conn')]).toEqual([256, undefined]);
  });
});

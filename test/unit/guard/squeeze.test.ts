import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entriesInMemory, mountedNamespaces } from '../../../src/guard/namespaces.ts';
import { judgeFewBuckets, judgeSqueeze } from '../../../src/guard/squeeze-guard.ts';

const counted = (...entries: number[]) =>
  entries.map((each, i) => ({ path: `/run/netns/n${i}`, entries: each }));

describe('a squeeze of the whole machine', () => {
  it('is let pass on a quiet machine with the values of the 2019 post', () => {
    expect(judgeSqueeze({ max: 1200, buckets: 300 }, counted(12, 0, 150))).toEqual({
      namespaces: 3,
      entries: 162,
    });
  });

  it('is refused where a namespace holds more than the new maximum, and named', () => {
    const { refused } = judgeSqueeze({ max: 1200, buckets: 300 }, counted(12, 1201));
    expect(refused).toMatch(/n1 holds 1201 entries/);
  });

  it('is refused where the chains of all namespaces together would grow too long', () => {
    const { refused } = judgeSqueeze({ max: 1200, buckets: 300 }, counted(1200, 1200, 1200, 1200, 1200));
    expect(refused).toMatch(/6000 entries .* chains of 28\.1 in 512 buckets/);
  });

  it('is refused where entries that stand in no namespace any more would fill the chains', () => {
    expect(judgeSqueeze({ max: 1200, buckets: 300 }, counted(12), 5_000).refused).toBeUndefined();
    const { refused, entries } = judgeSqueeze({ max: 1200, buckets: 300 }, counted(12), 26_000);
    expect(entries).toBe(26_000);
    expect(refused).toMatch(
      /^26000 entries on this machine and 1200 more would make chains of 106\.3 in 512 buckets/,
    );
  });

  it('counts a full table once where its maximum is only raised', () => {
    const tables = counted(...Array.from({ length: 12 }, () => 262_144));
    const raised = { max: 266_000, buckets: 262_144 };
    expect(judgeSqueeze(raised, tables).refused).toMatch(/chains of 26\.0/);
    expect(judgeSqueeze({ ...raised, more: 3_856 }, tables).refused).toBeUndefined();
  });

  it('never lets chains reach the length at which the kernel cuts them', () => {
    const limits = { max: fc.integer({ min: 1, max: 300000 }), buckets: fc.integer({ min: 1, max: 300000 }) };
    fc.assert(
      fc.property(fc.record(limits), fc.array(fc.nat(300000)), (wanted, entries) => {
        const { refused } = judgeSqueeze(wanted, counted(...entries));
        const sum = entries.reduce((total, each) => total + each, wanted.max);
        const buckets = Math.ceil(wanted.buckets / 512) * 512;
        const harmless = entries.every((each) => each <= wanted.max) && (2 * sum) / buckets <= 25;
        expect(refused === undefined).toBe(harmless);
      }),
    );
  });
});

describe('few buckets on purpose', () => {
  it('are let pass where others hold little, and refused where their entries fill the chains', () => {
    expect(judgeFewBuckets(512, counted(12, 0, 150), 180)).toEqual({ namespaces: 3, entries: 180 });
    expect(judgeFewBuckets(512, counted(1_280), 0).refused).toBeUndefined();
    expect(judgeFewBuckets(512, counted(700, 581), 0).refused).toMatch(/1281 entries .* more than 1280/);
  });

  it('are refused where the entries of a namespace that has ended still stand in the hash', () => {
    expect(judgeFewBuckets(512, counted(12), 262_000).refused).toMatch(/^262000 entries on this machine/);
  });

  it('are judged by what the kernel has allocated', () => {
    const slabs =
      'nf_conntrack_expect 0 0 208 19 1 : tunables 0 0 0\nnf_conntrack        1241   1632    256   16    1 :\n';
    expect(entriesInMemory(slabs)).toBe(1241);
    expect(() => entriesInMemory('slabinfo - version: 2.1\n')).toThrow('no row nf_conntrack');
  });
});

describe('mounted network namespaces', () => {
  it('are found wherever a runtime mounts them, blanks in the path included', () => {
    const mountinfo = [
      '22 27 0:21 / /proc rw,relatime - proc proc rw',
      '80 27 0:4 net:[4026532310] /run/netns/worker-1 rw shared:2 - nsfs nsfs rw',
      '81 27 0:4 net:[4026532311] /run/docker/net\\040ns/1 rw - nsfs nsfs rw',
      '82 27 0:4 mnt:[4026532312] /run/snapd/ns/x.mnt rw - nsfs nsfs rw',
      '',
    ].join('\n');
    expect(mountedNamespaces(mountinfo)).toEqual(['/run/netns/worker-1', '/run/docker/net ns/1']);
  });
});

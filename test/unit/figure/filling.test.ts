import { describe, expect, it } from 'vitest';
import { CONNTRACK_COUNTERS, type EventOf } from '../../../src/schema/history.ts';
import { figuresWith, PHASE } from './phase-figures.ts';

const counters = Object.fromEntries(CONNTRACK_COUNTERS.map((name) => [name, 0]));

/** A sample a second of a table of 1,000. */
const samples = (...entries: number[]): EventOf<'sample'>[] =>
  entries.map((each, i) => ({
    type: 'sample',
    t: 5_000 + i * 1_000,
    phase: PHASE,
    node: 'worker-1',
    entries: each,
    limit: 1_000,
    buckets: 512,
    counters: counters as EventOf<'sample'>['counters'],
  }));

/** How a table filled that had so many entries, second by second. */
const filled = (...entries: number[]) => figuresWith(samples(...entries));

describe('how a table filled', () => {
  it('says how long before the full table each share was passed', () => {
    expect(filled(0, 400, 760, 800, 920, 960, 1_000, 1_000)).toMatchObject({
      'warning.75': 4,
      'warning.90': 2,
      'warning.95': 1,
      'full.after': 6,
    });
  });

  it('gives no warning where the share was passed before the phase, nor where the table never was full', () => {
    const squeezed = filled(960, 1_000);
    expect(Object.keys(squeezed).filter((name) => name.startsWith('warning'))).toEqual([]);
    expect(squeezed['full.after']).toBe(1);
    expect(Object.keys(filled(0, 990)).filter((name) => /^(warning|full|relief)\./.test(name))).toEqual([]);
  });

  it('tells the collector’s step from entries that end by themselves', () => {
    expect(filled(990, 1_000, 999, 1_000, 936, 1_000)['relief.after']).toBe(3);
    expect(filled(990, 1_000, 980)['relief.after']).toBeUndefined();
  });
});

it('a bucket’s size in the sources is not what its chain holds', () => {
  const [sample] = samples(13_000);
  expect(figuresWith(sample === undefined ? [] : [{ ...sample, limit: 262_144 }])).toMatchObject({
    'chain.mean': 50.78125,
    'bucket.size': 512,
  });
});

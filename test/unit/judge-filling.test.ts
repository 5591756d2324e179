import { describe, expect, it } from 'vitest';
import { chainFigures, evictionFigures, fillingFigures } from '../../src/judge/filling.ts';
import { CONNTRACK_COUNTERS, type EventOf } from '../../src/schema/history.ts';

const counters = Object.fromEntries(CONNTRACK_COUNTERS.map((name) => [name, 0]));

/** A sample a second of a table of 1,000. */
const samples = (...entries: number[]): EventOf<'sample'>[] =>
  entries.map((each, i) => ({
    type: 'sample',
    t: 5_000 + i * 1_000,
    phase: { cycle: 'symptom', stage: 'fault' },
    node: 'worker-1',
    entries: each,
    limit: 1_000,
    buckets: 512,
    counters: counters as EventOf<'sample'>['counters'],
  }));

describe('how a table filled', () => {
  it('says how long before the full table each share was passed', () => {
    expect(fillingFigures(samples(0, 400, 760, 800, 920, 960, 1_000, 1_000))).toMatchObject({
      'warning.75': 4,
      'warning.90': 2,
      'warning.95': 1,
      'full.after': 6,
    });
  });

  it('gives no warning where the share was passed before the phase, nor where the table never was full', () => {
    const squeezed = fillingFigures(samples(960, 1_000));
    expect(Object.keys(squeezed).filter((name) => name.startsWith('warning'))).toEqual([]);
    expect(squeezed['full.after']).toBe(1);
    expect(Object.keys(fillingFigures(samples(0, 990))).toSorted()).toEqual([
      'entries.deriv',
      'entries.rate',
    ]);
  });

  it('tells the collector’s step from entries that end by themselves', () => {
    expect(fillingFigures(samples(990, 1_000, 999, 1_000, 936, 1_000))['relief.after']).toBe(3);
    expect(fillingFigures(samples(990, 1_000, 980))['relief.after']).toBeUndefined();
  });
});

describe('evictions', () => {
  it('are set against drops, and against what was offered', () => {
    const figures = { 'early_drop.delta': 2_325, 'drop.delta': 16_011, 'flows.offered': 20_480 };
    const { 'evicted.share': share, 'evicted.excess': excess } = evictionFigures(figures, 'flows');
    expect(share).toBeCloseTo(0.127, 3);
    expect(excess).toBe(-13_686);
  });

  it('have no share where there was room for all', () => {
    const figures = { 'early_drop.delta': 0, 'drop.delta': 0, 'flows.offered': 10 };
    expect(evictionFigures(figures, 'flows')).toEqual({ 'evicted.excess': 0, 'evicted.rate': 0 });
  });
});

it('a bucket’s size in the texts is not what its chain holds', () => {
  expect(chainFigures(13_000, 262_144, 512)).toEqual({ 'chain.mean': 50.78125, 'bucket.size': 512 });
});

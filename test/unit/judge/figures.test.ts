import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unaccounted } from '../../../src/judge/conservation.ts';
import { figure } from '../../../src/figure/compute.ts';
import { Observations } from '../../../src/judge/observations.ts';
import type { History } from '../../../src/schema/history.ts';
import { HistoryBuilder, MET, LOSSY, type PhaseStory } from './history-builder.ts';

const figuresOf = (story: PhaseStory) => new Observations(one(story)).of('symptom', 'fault').figures;
const one = (story: PhaseStory): History => new HistoryBuilder().phase('symptom', 'fault', story).events;

describe('the figures of a phase', () => {
  it('say what was offered, what was answered, and what became of the rest', () => {
    expect(figuresOf(LOSSY)).toMatchObject({
      'requests.offered': 200,
      'requests.answered': 80,
      'requests.failed': 120,
      'requests.failed.rate': 0.6,
      'requests.outcome[(28)]': 120,
      'requests.firstFailure': 0.4,
      'requests.late': 1,
    });
  });

  it('time the failures of a program from when it was ready, which is chance', () => {
    const story = (began: number) => {
      const { events } = new HistoryBuilder().phase('symptom', 'fault', LOSSY);
      return events.map((event) => (event.type === 'offered' ? { ...event, began } : event));
    };
    const at = (began: number) => new Observations(story(began)).of('symptom', 'fault').figures;
    expect([at(0)['requests.firstFailure'], at(150)['requests.firstFailure']]).toEqual([0.4, 0.25]);
    expect(at(150)['requests.lastFailure']).toBeCloseTo((at(0)['requests.lastFailure'] ?? 0) - 0.15, 9);
  });

  it('count an outcome without a code under its own words', () => {
    expect(figuresOf({ answered: 199, failure: 'too late' })['requests.outcome[too late]']).toBe(1);
  });

  it('say how full the table was and which counters moved', () => {
    expect(figuresOf(LOSSY)).toMatchObject({
      samples: 21,
      'entries.first': 920,
      'entries.max': 1000,
      'entries.last': 1000,
      'free.min': 0,
      limit: 1000,
      buckets: 512,
      'drop.delta': 150,
      'early_drop.delta': 0,
    });
  });

  it('give latency percentiles that are exactly one of the latencies seen, and in order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), { minLength: 1 }), (latency) => {
        const phase = { cycle: 'symptom', stage: 'fault' } as const;
        const history = new HistoryBuilder()
          .with({
            type: 'outcomes',
            phase,
            unit: 'requests',
            outcome: 'ok',
            due: latency.map(() => 0),
            latency,
          })
          .with({ type: 'offered', phase, unit: 'requests', count: latency.length, lateP95: 0 }).events;
        const {
          'requests.p(50)': p50 = -1,
          'requests.p(95)': p95 = -1,
          'requests.max': max = -1,
        } = new Observations(history).of('symptom', 'fault').figures;
        expect(latency).toEqual(expect.arrayContaining([p50, p95, max]));
        expect(p50).toBeLessThanOrEqual(p95);
        expect(p95).toBeLessThanOrEqual(max);
        expect(latency.filter((each) => each <= p95).length).toBeGreaterThanOrEqual(0.95 * latency.length);
      }),
    );
  });

  it('hold a hundred thousand outcomes', () => {
    expect(figuresOf({ offered: 150_000, answered: 20_000 })['requests.firstFailure']).toBe(100);
  });

  it('say when the first and the last failure were due', () => {
    const figures = figuresOf({ offered: 200, answered: 80 });
    expect([figures['requests.firstFailure'], figures['requests.lastFailure']]).toEqual([0.4, 0.995]);
  });

  it('say since when the demand is not met: the first failures may be chance', () => {
    const failing = ({ offered, answered }: { offered: number; answered: number }) =>
      figuresOf({ offered, answered })['requests.failingSince'];
    expect(failing({ offered: 200, answered: 197 })).toBeUndefined();
    // The fifth of 200: four are 2 %.
    expect(failing({ offered: 200, answered: 80 })).toBeCloseTo(0.42, 9);
  });

  it('add up what several generators offered', () => {
    const phase = { cycle: 'symptom', stage: 'fault' } as const;
    const history = new HistoryBuilder()
      .with({ type: 'offered', phase, unit: 'requests', count: 3, lateP95: 9 })
      .with({ type: 'offered', phase, unit: 'requests', count: 4, lateP95: 2 }).events;
    expect(new Observations(history).of('symptom', 'fault').figures).toMatchObject({
      'requests.offered': 7,
      'requests.late': 9,
    });
  });

  it('prefix another node’s packets with its name, and sum what is the lab’s', () => {
    const phase = { cycle: 'symptom', stage: 'fault' } as const;
    const builder = new HistoryBuilder();
    for (const [edge, seen] of [
      ['start', 1],
      ['end', 11],
    ] as const) {
      for (const node of ['worker-1', 'worker-2']) {
        builder.with({ type: 'totals', phase, edge, node, totals: { queries: seen, 'packets.rst': seen } });
      }
    }
    expect(new Observations(builder.events).of('symptom', 'fault').figures).toEqual({
      queries: 20,
      'packets.rst': 10,
      'worker-2.packets.rst': 10,
    });
  });

  it('say how many queries and how many entries one lookup cost', () => {
    const phase = { cycle: 'symptom', stage: 'fault' } as const;
    const history = new HistoryBuilder()
      .phase('symptom', 'fault', { offered: 100, entries: [0, 400], totals: { queries: 800 } })
      .with({ type: 'offered', phase, unit: 'lookups', count: 100, lateP95: 0 }).events;
    const figures = new Observations(history).of('symptom', 'fault').figures;
    expect(figures).toMatchObject({ 'queries.perLookup': 8, 'entries.perOffered': 4 });
  });

  it('never make up a figure that nothing was seen of', () => {
    const figures = figuresOf({ samples: false, answered: 0 });
    for (const name of ['samples', 'drop.delta', 'limit', 'entries.max', 'conservation', 'requests.p(95)']) {
      expect(figure(figures, name), name).toBeUndefined();
    }
  });

  it('take an outcome that did not occur for 0, and a misspelt figure for unknown', () => {
    const figures = figuresOf(MET);
    expect(figure(figures, 'requests.outcome[(56)]')).toBe(0);
    expect(figure(figures, 'requests.outcome[ECONNRESET]')).toBe(0);
    expect(figure(figures, 'requests.outcome[too late]')).toBe(0);
    expect(figure(figures, 'requests.faild')).toBeUndefined();
    expect(figure(figures, 'lookups.outcome[(28)]')).toBeUndefined();
  });
});

describe('conservation', () => {
  const count = fc.nat(1_000_000);

  it('is 0 whenever every packet passed conntrack or was dropped there', () => {
    fc.assert(
      fc.property(count, count, (admitted, drop) => {
        const figures = figuresOf({
          counters: { drop },
          totals: {
            'packets.before': admitted + drop,
            'packets.after': admitted,
          },
        });
        expect(figures.conservation).toBe(0);
        expect(unaccounted(figures)).toBeUndefined();
      }),
    );
  });

  it('names the figures when more than 2 packets and more than 0.1 % are missing, and only then', () => {
    fc.assert(
      fc.property(count, count, fc.integer({ min: -5000, max: 5000 }), (passed, drop, lost) => {
        const offered = Math.max(0, passed + drop + lost);
        const figures = figuresOf({
          counters: { drop },
          totals: { 'packets.before': offered, 'packets.after': passed },
        });
        const wrong = Math.abs(offered - passed - drop) > Math.max(2, offered / 1000);
        expect(unaccounted(figures) !== undefined).toBe(wrong);
      }),
    );
    expect(
      unaccounted(
        figuresOf({ counters: { drop: 10 }, totals: { 'packets.before': 1100, 'packets.after': 1000 } }),
      ),
    ).toBe('1,100 packets before conntrack, 1,000 after it, 10 dropped: 90 missing');
  });
});

describe('a packet that is dropped when it leaves', () => {
  const totals = { 'packets.before': 996, 'packets.after': 996 };

  it('had passed before: its NAT tuple was taken, which drop and insert_failed count', () => {
    const counters = { drop: 492, insert_failed: 492 };
    expect(figuresOf({ counters, totals }).conservation).toBe(0);
  });

  it('is not told from one that a full table dropped by a chain that was too long', () => {
    const counters = { drop: 10, insert_failed: 5, chaintoolong: 5 };
    expect(figuresOf({ counters, totals: { ...totals, 'packets.after': 986 } }).conservation).toBe(0);
  });
});

describe('untranslated.perOffered', () => {
  it('is the packets without their NAT of each of the demand', () => {
    expect(figuresOf({ ...MET, totals: { 'packets.untranslated': 50 } })['untranslated.perOffered']).toBe(
      0.25,
    );
  });
});

describe('relief', () => {
  it('is what entered and neither stayed nor was evicted for another', () => {
    const story = {
      entries: [100, 900] as [number, number],
      counters: { early_drop: 50 },
      totals: { 'packets.entered': 1000 },
    };
    expect(figuresOf(story).relief).toBe(150);
  });
});

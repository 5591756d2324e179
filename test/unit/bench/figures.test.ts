import { describe, expect, it } from 'vitest';
import { differenceLines, differences } from '../../../bench/compare.ts';
import { compared, followed, median } from '../../../bench/figures.ts';
import { WORKS } from '../../../bench/registry.ts';
import type { BenchReport, WorkReport } from '../../../bench/report.ts';
import { measureWork } from '../../../bench/rounds.ts';
import { goalLines, rowsOf, textOf } from '../../../bench/table.ts';
import type { Work } from '../../../bench/work.ts';
import { NEVER } from '../support/never.ts';

const MACHINE: BenchReport['machine'] = {
  cores: 2,
  model: 'a processor',
  memoryGiB: 8,
  kernel: '6.18.0',
  node: '24.0.0',
  nfConntrackMax: 262_144,
  steal: 0.01,
  pressure: 0.2,
  calibrations: [10, 12],
};

function work(
  ours: readonly number[],
  theirs: readonly number[],
  more: Partial<WorkReport> = {},
): WorkReport {
  const samples = (values: readonly number[]) => values.map((value) => ({ value }));
  return {
    id: 'http',
    title: 'requests',
    unit: 'requests/s',
    better: 'more',
    contenders: [
      { name: 'ours', samples: samples(ours) },
      { name: 'wrk', samples: samples(theirs) },
    ],
    calibrations: ours.map(() => 10),
    comparisons: [{ of: 'ours', to: 'wrk', atLeast: 0.8 }],
    seconds: 1,
    ...more,
  };
}

function bench(...works: readonly WorkReport[]): BenchReport {
  return {
    schema: 'tablefull/bench/v1',
    version: '0.1.0',
    commit: 'abc',
    against: null,
    startedAt: '2026-11-26T00:00:00.000Z',
    seconds: 1,
    quick: true,
    machine: MACHINE,
    works: [...works],
  };
}

describe('figures of a bench', () => {
  it('takes the middle of an odd and of an even number of values', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  it('compares contenders round by round, so that a slow round cancels out', () => {
    const result = compared(work([100, 50, 10], [100, 50, 10]), { of: 'ours', to: 'wrk', atLeast: 1 });
    expect(result).toMatchObject({ median: 1, noise: 0, met: true });
  });

  it('compares nothing where a contender is missing', () => {
    expect(compared(work([1], [1]), { of: 'ours', to: 'hey' })).toBeUndefined();
  });

  it('follows a figure without a rival by the machine’s own speed', () => {
    const alone = { comparisons: [], contenders: [{ name: 'ours', samples: [{ value: 50 }] }] };
    expect(followed(bench(work([50], [], alone))).get('requests: ours')?.median).toBe(5);
    expect(followed(bench(work([50], [], { ...alone, better: 'less' }))).get('requests: ours')?.median).toBe(
      1 / 500,
    );
  });

  it('counts a smaller ratio as better where less is better', () => {
    const ratios = followed(bench(work([10], [20], { better: 'less' })));
    expect(ratios.get('requests: ours / wrk')?.median).toBe(2);
  });
});

describe('a bench beside an older one', () => {
  it('says that a ratio fell only where it fell by more than the repeats lie apart', () => {
    const before = bench(work([100, 90, 110], [100, 100, 100]));
    const within = differences(before, bench(work([85, 85, 85], [100, 100, 100])));
    expect(within).toMatchObject([{ name: 'requests: ours / wrk', fell: false }]);
    const below = differences(before, bench(work([70, 70, 70], [100, 100, 100])));
    expect(below).toMatchObject([{ before: 1, after: 0.7, fell: true }]);
    expect(differenceLines(below)).toEqual([
      'FELL  requests: ours / wrk: 1.00 → 0.70 (noise 0.20)',
      '1 of 1 ratios fell',
    ]);
  });

  it('says of no ratio that it fell where one round leaves its noise unknown', () => {
    const [difference] = differences(bench(work([10], [10])), bench(work([1], [10])));
    expect(difference).toMatchObject({ before: 1, after: 0.1, fell: false });
    expect(differenceLines(difference ? [difference] : [])[0]).toContain('(noise unknown)');
  });

  it('compares only what both have', () => {
    expect(differences(bench(), bench(work([1], [1])))).toEqual([]);
  });
});

describe('the table of a bench', () => {
  it('names a contender that is missing, with how to have it', () => {
    const report = work([10, 12, 11], [], {
      contenders: [
        { name: 'ours', samples: [{ value: 10 }, { value: 12 }, { value: 11 }] },
        { name: 'wrk', samples: [], why: 'not installed: apt-get install wrk' },
      ],
    });
    expect(rowsOf(report).map(([, who, figure, range]) => [who, figure, range])).toEqual([
      ['ours', '11', '10 to 12'],
      ['wrk', '–', 'not installed: apt-get install wrk'],
    ]);
    expect(goalLines(report)).toEqual(['ours / wrk: not measured (goal ≥ 0.8)']);
  });

  it('has the machine on top and every goal below its work', () => {
    const text = textOf(bench(work([100], [100])));
    expect(text.split('\n')[0]).toContain(
      'steal 1.0 %, CPU pressure 20.0 %, calibration 11.0 (10.0 to 12.0)',
    );
    expect(text).toContain('ours / wrk: 1.00 ± unknown (goal ≥ 0.8) met');
  });
});

describe('measuring a work', () => {
  const context = {
    quick: true,
    against: undefined,
    say: () => undefined,
    signal: NEVER,
  };

  it('measures the contenders in turn, and leaves out one that fails', async () => {
    const order: string[] = [];
    const contender = (name: string, failsAt = Infinity) => ({
      name,
      measure: () => {
        order.push(name);
        const turns = order.filter((each) => each === name).length;
        return turns >= failsAt
          ? Promise.reject(new Error('broken\nat length'))
          : Promise.resolve({ value: turns });
      },
    });
    const fake: Work = {
      ...{ id: 'fake', title: 'fake', unit: '', better: 'more', place: 'machine', comparisons: [] },
      rounds: { full: 3, quick: 3 },
      open: () =>
        Promise.resolve({
          contenders: [contender('a'), contender('b', 2)],
          missing: [{ name: 'c', why: 'not installed' }],
          [Symbol.asyncDispose]: () => Promise.resolve(),
        }),
    };
    const { contenders, calibrations } = await measureWork(fake, 3, context);
    expect(order).toEqual(['a', 'b', 'a', 'b', 'a']);
    expect(calibrations).toHaveLength(3);
    expect(contenders).toMatchObject([
      { name: 'a', samples: [{ value: 1 }, { value: 2 }, { value: 3 }] },
      { name: 'b', samples: [{ value: 1 }], why: 'broken' },
      { name: 'c', samples: [], why: 'not installed' },
    ]);
  });

  it('says why where a work can’t even be opened', async () => {
    const [first] = WORKS;
    if (first === undefined) throw new Error('there is no work');
    const broken: Work = { ...first, open: () => Promise.reject(new Error('no namespaces')) };
    expect(await measureWork(broken, 1, context)).toMatchObject({ contenders: [], why: 'no namespaces' });
  });

  it('gives every work an id of its own', () => {
    expect(new Set(WORKS.map(({ id }) => id)).size).toBe(WORKS.length);
  });
});

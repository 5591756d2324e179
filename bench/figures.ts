/** Derives figures from a bench's samples: medians, ratios of a round, and whether goals are met. */
import type { BenchReport, WorkReport } from './report.ts';

type Comparison = WorkReport['comparisons'][number];
type Contender = WorkReport['contenders'][number];

/** NaN for no values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = NaN, high = NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** A median of the rounds, and their spread: the greatest less the least. One round has no spread. */
export interface Spread {
  readonly median: number;
  readonly noise: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const noise = values.length < 2 ? Infinity : Math.max(...values) - Math.min(...values);
  return { median: median(values), noise };
}

/** A comparison with figures for both sides. */
export interface Compared extends Spread {
  readonly comparison: Comparison;
  /** Undefined without a goal. */
  readonly met: boolean | undefined;
}

function sampled(report: WorkReport, name: string | undefined): Contender | undefined {
  return report.contenders.find((contender) => contender.name === name && contender.samples.length > 0);
}

/** The ratio of two contenders in each round, or one contender's figures; undefined if either has none. */
export function compared(report: WorkReport, comparison: Comparison): Compared | undefined {
  const { of, to, figure = 'value', atLeast, atMost } = comparison;
  const ours = sampled(report, of);
  const theirs = sampled(report, to);
  if (ours === undefined || (to !== undefined && theirs === undefined)) return undefined;
  const values = ours.samples.flatMap((sample, round) => {
    const own = sample[figure];
    const other = to === undefined ? 1 : theirs?.samples[round]?.[figure];
    return own === undefined || other === undefined || other === 0 ? [] : [own / other];
  });
  if (values.length === 0) return undefined;
  const spread = spreadOf(values);
  const goals = [
    ...(atLeast === undefined ? [] : [spread.median >= atLeast]),
    ...(atMost === undefined ? [] : [spread.median <= atMost]),
  ];
  return { ...spread, comparison, met: goals.length === 0 ? undefined : goals.every(Boolean) };
}

/**
 * The ratios that benches are compared by, by name: greater is better, independent of the machine's speed.
 */
export function followed({ works }: Pick<BenchReport, 'works'>): ReadonlyMap<string, Spread> {
  const all = works.flatMap((work) => [
    ...work.comparisons.flatMap((comparison): [string, Spread][] => {
      if (comparison.to === undefined) return [];
      const result = compared(work, comparison);
      if (result === undefined) return [];
      const less = work.better === 'less' || (comparison.figure ?? 'value') !== 'value';
      return [[`${work.title}: ${nameOf(comparison)}`, less ? inverse(result) : result]];
    }),
    ...soloRatios(work),
  ]);
  return new Map(all);
}

/** A work without a rival is compared with the calibration of the same round. */
function soloRatios({
  title,
  better,
  contenders,
  calibrations,
  comparisons,
}: WorkReport): [string, Spread][] {
  const paired = new Set(comparisons.flatMap(({ of, to }) => (to === undefined ? [] : [of, to])));
  return contenders
    .filter(({ name, samples }) => samples.length > 0 && !paired.has(name))
    .map(({ name, samples }) => {
      const ratios = samples.map(({ value }, round) => {
        const speed = calibrations[round] ?? NaN;
        return better === 'more' ? value / speed : 1 / (value * speed);
      });
      return [`${title}: ${name}`, spreadOf(ratios)];
    });
}

function inverse({ median: ratio, noise }: Spread): Spread {
  return { median: 1 / ratio, noise: noise / ratio ** 2 };
}

export function nameOf({ of, to, figure = 'value' }: Comparison): string {
  const what = figure === 'value' ? '' : figure === 'cpu' ? ', CPU of the generator' : ', CPU of the machine';
  return to === undefined ? `${of}${what}` : `${of} / ${to}${what}`;
}

/** Compares a bench with an older one: which ratios fell by more than their noise. */
import { followed } from './figures.ts';
import type { BenchReport } from './report.ts';

export interface Difference {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  /** The greater spread of the repeats of the two benches. */
  readonly noise: number;
  readonly fell: boolean;
}

/** Every ratio that both benches have. */
export function differences(before: BenchReport, after: BenchReport): readonly Difference[] {
  const old = followed(before);
  return [...followed(after)].flatMap(([name, now]) => {
    const then = old.get(name);
    if (then === undefined) return [];
    // Noise scales with the figure: halve a ratio and its noise halves.
    const noise = Math.max(then.noise / then.median, now.noise / now.median) * then.median;
    return [{ name, before: then.median, after: now.median, noise, fell: now.median < then.median - noise }];
  });
}

/** One line each, falls first. */
export function differenceLines(all: readonly Difference[]): readonly string[] {
  const lines = all
    .toSorted((a, b) => Number(b.fell) - Number(a.fell))
    .map(({ name, before, after, noise, fell }) => {
      const change = `${short(before)} → ${short(after)} (noise ${short(noise)})`;
      return `${fell ? 'FELL' : 'held'}  ${name}: ${change}`;
    });
  return [...lines, `${String(all.filter(({ fell }) => fell).length)} of ${String(all.length)} ratios fell`];
}

function short(ratio: number): string {
  if (!Number.isFinite(ratio)) return 'unknown';
  return ratio >= 100 ? ratio.toFixed(0) : ratio >= 0.1 ? ratio.toFixed(2) : ratio.toPrecision(2);
}

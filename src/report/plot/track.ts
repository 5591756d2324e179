import type { Band, Cycle } from './story.ts';

/** How a curve or a bar is drawn; the style sheet has a colour and a dash for each. */
export type Tone = 'limit' | 'main' | 'second' | 'third' | 'other' | 'good' | 'bad' | 'warn' | 'odd';

/** `[t, y]`; t in ms since the run began. */
export type Point = readonly [t: number, y: number];

export interface Curve {
  readonly label: string;
  readonly tone: Tone;
  /** A gap in the measurement parts two segments. */
  readonly segments: readonly (readonly Point[])[];
}

/** Bars over equal spans of time; the parts of a bar stand on each other. */
export interface Bars {
  readonly label: string;
  readonly tone: Tone;
  readonly spans: readonly {
    readonly from: number;
    readonly to: number;
    readonly base: number;
    readonly y: number;
  }[];
}

/** One of the plots over the same time axis. */
export interface Track {
  readonly key: string;
  readonly title: string;
  readonly unit: string;
  /** px */
  readonly height: number;
  readonly curves: readonly Curve[];
  readonly bars: readonly Bars[];
  readonly most: number;
  /** What is not drawn because it is far above `most`. */
  readonly cut?: string;
  readonly log?: true;
  /** What a reader who sees no plot should know, in a sentence. */
  readonly told: string;
}

/** At most two points for each of `bins` equal spans, the lowest and the highest: what is sharp stays sharp. */
export function thinned(points: readonly Point[], from: number, to: number, bins: number): readonly Point[] {
  if (points.length <= bins) return points;
  const kept: Point[] = [];
  let low: Point | undefined;
  let high: Point | undefined;
  let bin = -1;
  const close = (): void => {
    if (low === undefined || high === undefined) return;
    if (low === high) kept.push(low);
    else kept.push(...(low[0] < high[0] ? [low, high] : [high, low]));
  };
  for (const point of points) {
    const own = Math.floor(((point[0] - from) / (to - from)) * bins);
    if (own !== bin) {
      close();
      [bin, low, high] = [own, point, point];
      continue;
    }
    if (low === undefined || point[1] < low[1]) low = point;
    if (high === undefined || point[1] > high[1]) high = point;
  }
  close();
  return kept;
}

/** Points of a curve, at most twice as many. */
export const BINS = 300;
export const BARS = 140;

const NICE = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000];

/** ms. A round width, so that about `bins` bars fit. */
export function binWidth(ms: number, bins: number): number {
  return NICE.find((width) => ms / width <= bins) ?? Math.ceil(ms / bins);
}

/** ms. How long all phases of a cycle take. */
export function observedMs({ bands }: Cycle): number {
  return Math.max(
    1,
    bands.reduce((sum, { from, to }) => sum + to - from, 0),
  );
}

/** The span of a bar: bars begin with their phase and do not outlast it. */
export function spanOf({ from, to }: Band, t: number, width: number): Span {
  const begin = from + Math.floor((t - from) / width) * width;
  return { from: begin, to: Math.max(begin + 1, Math.min(begin + width, to)) };
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

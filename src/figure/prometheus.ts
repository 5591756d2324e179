/** One scrape of a metric: seconds, and the value. */
export interface Scrape {
  readonly t: number;
  readonly value: number;
}

/**
 * Prometheus' `rate()` over these scrapes, a second: the increase of a counter. A counter never falls, so a fall is taken
 * for a restart at 0, and all that it has counted since is added. Of a gauge, each fall therefore adds the whole gauge.
 * (promql/functions.go; without the extrapolation to the window's edges, which is nothing over a full window.)
 *
 * @returns undefined for fewer than two scrapes
 */
export function rate(scrapes: readonly Scrape[]): number | undefined {
  const span = spanOf(scrapes);
  if (span === undefined) return undefined;
  const increase = scrapes.reduce((sum, { value }, i) => {
    const before = scrapes[i - 1]?.value ?? value;
    return sum + (value >= before ? value - before : value);
  }, 0);
  return increase / span;
}

/**
 * Prometheus' `deriv()`, a second: the slope of the straight line through the scrapes (least squares), as is meant for a
 * gauge.
 *
 * @returns undefined for fewer than two scrapes
 */
export function deriv(scrapes: readonly Scrape[]): number | undefined {
  if (spanOf(scrapes) === undefined) return undefined;
  const mean = (of: (scrape: Scrape) => number): number =>
    scrapes.reduce((sum, scrape) => sum + of(scrape), 0) / scrapes.length;
  const [midT, midValue] = [mean(({ t }) => t), mean(({ value }) => value)];
  const covariance = mean(({ t, value }) => (t - midT) * (value - midValue));
  return covariance / mean(({ t }) => (t - midT) ** 2);
}

function spanOf(scrapes: readonly Scrape[]): number | undefined {
  const [first, last] = [scrapes.at(0), scrapes.at(-1)];
  return first === undefined || last === undefined || last.t <= first.t ? undefined : last.t - first.t;
}

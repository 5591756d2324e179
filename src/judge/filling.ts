import type { EventOf } from '../schema/history.ts';
import { deriv, rate } from './prometheus.ts';
import type { Figures } from '../schema/verdict.ts';

/** The shares of the limit at which the alerts that circulate warn. */
const WARNINGS = { 'warning.75': 0.75, 'warning.90': 0.9, 'warning.95': 0.95 } as const;
/** The collector frees entries in steps of up to 64,000 / HZ; fewer than this ended by themselves. */
const RELIEF_STEP = 32;

/**
 * How one node's table filled: how long it took (`full.after`), how long a warning came before (`warning.75`, …), and how
 * long it then stayed full (`relief.after`); all in seconds, and absent where it did not happen.
 *
 * @param samples of one phase, oldest first
 */
export function fillingFigures(samples: readonly EventOf<'sample'>[]): Figures {
  const at = (share: number): number | undefined =>
    samples.find(({ entries, limit }) => entries >= share * limit)?.t;
  const [began, full] = [samples[0]?.t, at(1)];
  const trends = trendFigures(samples);
  if (began === undefined || full === undefined) return trends;
  const relieved = samples.find(({ t, entries, limit }) => t > full && limit - entries >= RELIEF_STEP)?.t;
  const warnings = Object.entries(WARNINGS).flatMap(([name, share]) => {
    const warned = at(share);
    // A table that was there already when the phase began gives no warning in it.
    return warned === undefined || warned === began ? [] : [[name, seconds(full - warned)] as const];
  });
  return {
    ...trends,
    'full.after': seconds(full - began),
    ...(relieved !== undefined && { 'relief.after': seconds(relieved - full) }),
    ...Object.fromEntries(warnings),
  };
}

/** What Prometheus would make of the entries, were each sample a scrape: `entries.rate` and `entries.deriv`, a second. */
function trendFigures(samples: readonly EventOf<'sample'>[]): Figures {
  const began = samples[0]?.t ?? 0;
  const scrapes = samples.map(({ t, entries }) => ({ t: seconds(t - began), value: entries }));
  const [asCounter, asGauge] = [rate(scrapes), deriv(scrapes)];
  return {
    ...(asCounter !== undefined && { 'entries.rate': rounded(asCounter) }),
    ...(asGauge !== undefined && { 'entries.deriv': rounded(asGauge) }),
  };
}

/**
 * Who makes room in a full table. `evicted.share`: of the packets that found none, those for which an older entry was
 * evicted, the others being dropped themselves. `evicted.excess`: by how many the former outnumber the latter.
 * `evicted.rate`: evictions for each flow that was offered.
 */
export function evictionFigures(figures: Figures, demand: string): Figures {
  const { 'early_drop.delta': evicted, 'drop.delta': dropped } = figures;
  const offered = figures[`${demand}.offered`];
  if (evicted === undefined || dropped === undefined) return {};
  return {
    'evicted.excess': evicted - dropped,
    ...(evicted + dropped > 0 && { 'evicted.share': evicted / (evicted + dropped) }),
    ...(offered !== undefined && offered > 0 && { 'evicted.rate': evicted / offered }),
  };
}

/** Each entry stands in two chains of the hash, once a direction. `bucket.size` is what some call limit / buckets. */
export function chainFigures(most: number, limit: number, buckets: number): Figures {
  return buckets > 0 ? { 'chain.mean': (2 * most) / buckets, 'bucket.size': limit / buckets } : {};
}

function seconds(ms: number): number {
  return rounded(ms / 1000);
}

/** To thousandths: the same phase has the same figures whenever it began. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

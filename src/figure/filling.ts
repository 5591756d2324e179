import { defineFigures, type FigureGroup } from './figure.ts';
import { deriv, rate, type Scrape } from './prometheus.ts';
import type { SampledTable } from './sampled-table.ts';

/** The shares of the limit at which common alerts warn. */
const WARNINGS = { '75': 0.75, '90': 0.9, '95': 0.95 } as const;
/** gc frees up to 64,000 / HZ entries a step; fewer than this ended by themselves. */
const RELIEF_STEP = 32;

const SOURCE = '`nf_conntrack_count`, `nf_conntrack_max`';

export const filling: FigureGroup = {
  title: 'How the table filled',
  figures: defineFigures(
    'node',
    { unit: 's', source: SOURCE },
    {
      'full.after': {
        doc: 'From the first sample to the first full one. Absent where the table was never full.',
        of: ({ first, reached }) => seconds(first.t, reached(1)),
      },
      'warning.SHARE': {
        values: Object.keys(WARNINGS),
        doc: 'From the first sample at that percentage of the limit to the first full one: the lead time of an alert without `for:`. Absent where the table was never full, or at that share from the start.',
        of: warnings,
      },
      'relief.after': {
        doc: 'From the first full sample to the first with at least 32 free entries: when gc ran.',
        of: ({ samples, reached }) => {
          const full = reached(1);
          if (full === undefined) return undefined;
          return seconds(
            full,
            samples.find((each) => each.t > full && each.limit - each.entries >= RELIEF_STEP)?.t,
          );
        },
      },
      'entries.rate': {
        unit: 'a second',
        doc: 'Prometheus’ `rate()` of the entries, with each sample as a scrape. `rate()` is meant for counters; the entries are a gauge.',
        source: '`nf_conntrack_count`',
        of: (table) => rounded(rate(scrapes(table))),
      },
      'entries.deriv': {
        unit: 'a second',
        doc: 'Prometheus’ `deriv()` of the entries, which is meant for gauges.',
        source: '`nf_conntrack_count`',
        range: 'signed',
        of: (table) => rounded(deriv(scrapes(table))),
      },
    },
  ),
};

function warnings({ first, reached }: SampledTable): Record<string, number> {
  const full = reached(1);
  return Object.fromEntries(
    Object.entries(WARNINGS).flatMap(([name, share]) => {
      const warned = reached(share);
      const ahead = warned === first.t || warned === undefined ? undefined : seconds(warned, full);
      return ahead === undefined ? [] : [[`warning.${name}`, ahead]];
    }),
  );
}

function scrapes({ first, samples }: SampledTable): readonly Scrape[] {
  return samples.map(({ t, entries }) => ({ t: seconds(first.t, t) ?? 0, value: entries }));
}

function seconds(from: number, to: number | undefined): number | undefined {
  return to === undefined ? undefined : rounded((to - from) / 1000);
}

/** To thousandths, so that a phase's figures do not depend on when it began. */
function rounded<T extends number | undefined>(value: T): T | number {
  return value === undefined ? value : Math.round(value * 1000) / 1000;
}

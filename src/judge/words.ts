import type { EventOf } from '../schema/history.ts';
import { isAnswer } from '../load/outcome-words.ts';
import type { Figures } from '../schema/verdict.ts';

const FORMAT = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 3 });
const SHORT = new Intl.NumberFormat('en-GB', {
  maximumSignificantDigits: 2,
  maximumFractionDigits: 1,
  roundingPriority: 'morePrecision',
});

/** A figure for a sentence or a table: `262,144`, `0.398`. */
export function count(value: number): string {
  return FORMAT.format(value);
}

/** Two significant digits, for seconds and factors: `43`, `3.3`. */
export function about(value: number): string {
  return SHORT.format(value);
}

/** With a capital: `Requests`. */
export function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

export function sayChange(from: number, to: number): string {
  return `from ${count(from)} to ${count(to)}`;
}

/** `1,204 of 2,000 requests answered, (28) Connection timed out ×796`: names the two commonest failures. */
export function sayDemand(figures: Figures, unit: string, outcomes: readonly EventOf<'outcomes'>[]): string {
  const counts = new Map<string, number>();
  for (const { unit: of, outcome, due } of outcomes) {
    if (of === unit && !isAnswer(outcome) && due.length > 0)
      counts.set(outcome, (counts.get(outcome) ?? 0) + due.length);
  }
  const failures = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const named = failures.slice(0, 2).map(([outcome, times]) => `${outcome} ×${count(times)}`);
  const others = failures.slice(2).reduce((sum, [, times]) => sum + times, 0);
  return [
    `${count(figures[`${unit}.answered`] ?? 0)} of ${count(figures[`${unit}.offered`] ?? 0)} ${unit} answered`,
    ...named,
    ...(others > 0 ? [`others ×${count(others)}`] : []),
  ].join(', ');
}

/** Counters to name where they moved; see CONNTRACK_COUNTERS. */
const TELLING = ['drop', 'early_drop', 'insert_failed', 'chaintoolong', 'invalid', 'clash_resolve'] as const;

/** `table full at 262,144, drop +1,592`, or its highest count. */
export function sayTable(figures: Figures): string {
  const { limit, 'entries.max': most, 'free.min': free } = figures;
  if (limit === undefined || most === undefined || free === undefined) return 'table not sampled';
  const table =
    free <= 0 ? `table full at ${count(limit)}` : `table at most ${count(most)} of ${count(limit)}`;
  const moved = TELLING.flatMap((name) => {
    const delta = figures[`${name}.delta`] ?? 0;
    return delta > 0 ? [`${name} +${count(delta)}`] : [];
  });
  return [table, ...(moved.length > 0 ? moved : ['no counter moved'])].join(', ');
}

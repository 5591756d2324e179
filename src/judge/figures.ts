import type { EventOf } from '../schema/history.ts';
import { clashes } from './clashes.ts';
import { conservation } from './conservation.ts';
import { chainFigures, evictionFigures, fillingFigures } from './filling.ts';
import { isAnswer, ofType, type PhaseEvent } from '../history/select.ts';
import { proxyShare } from './proxy-share.ts';
import { standing } from './standing.ts';
import type { Figures } from '../schema/verdict.ts';
import { byNode, connections, longestRun, waits } from './waits.ts';

type Entries = readonly (readonly [name: string, value: number])[];

/** Totals of one node's table. All others (`queries`, `server.resets`) are the lab's: no prefix, summed over the nodes. */
const OF_A_NODE = 'packets.';

/**
 * The figures of one phase, flat. Those of the node under test have no prefix, others are `worker-2.NAME`.
 * A figure that nothing was seen of is absent, never 0; docs/reference/figures.md lists them all.
 *
 * @param events of one phase
 * @param node the node under test
 * @param demand what the demand counts: `requests`, …
 * @param others of this phase, that are not read from its events alone
 * @param percentiles those to be computed besides the 50th and the 95th
 */
export function figuresOf(
  events: readonly PhaseEvent[],
  node: string,
  demand: string,
  others: Figures = {},
  percentiles: readonly number[] = [],
): Figures {
  const offered = Map.groupBy(ofType(events, 'offered'), ({ unit }) => unit);
  const seen: Figures = Object.fromEntries([
    ...ofType(events, 'measured').flatMap((event) => Object.entries(event.figures)),
    ...[...offered].flatMap(([unit, parts]) =>
      demandFigures(ofType(events, 'outcomes'), unit, parts, percentiles),
    ),
    ...tableFigures(events, node),
    ...totals(events, node),
    ...Object.entries(others),
  ]);
  return { ...seen, ...derived(seen, demand), ...proxyShare(events, seen) };
}

/**
 * A figure by its name. An outcome that did not occur (`requests.(28)`, `lookups.EAI_AGAIN`, `lookups.too late`; told by
 * the bracket, capital or blank) is 0 where its unit was offered: that much was seen. Any other absent figure is undefined.
 */
export function figure(figures: Figures, name: string): number | undefined {
  const unit = /^(\w+)\.(?:[(A-Z]|.* )/.exec(name)?.[1];
  const absent = unit !== undefined && figures[`${unit}.offered`] !== undefined ? 0 : undefined;
  return figures[name] ?? absent;
}

/** @param parts what each generator of this unit offered: there may be several */
function demandFigures(
  all: readonly EventOf<'outcomes'>[],
  unit: string,
  parts: readonly EventOf<'offered'>[],
  percentiles: readonly number[],
): Entries {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const outcomes = all.filter((event) => event.unit === unit);
  const latencies = outcomes.filter((event) => isAnswer(event.outcome)).flatMap((event) => event.latency);
  latencies.sort((a, b) => a - b);
  const failures = outcomes.filter((event) => !isAnswer(event.outcome));
  const failed = Math.max(0, count - latencies.length);
  const figures: Entries = [
    ['offered', count],
    ['answered', latencies.length],
    ['failed', failed],
    ...(count > 0 ? [['failed.rate', failed / count] as const] : []),
    ['late', parts.reduce((worst, { lateP95 }) => Math.max(worst, lateP95), 0)],
    ...latencyFigures(latencies, percentiles),
    ...waits(outcomes, count),
    ...connections(outcomes, count),
    ...whenFailed(failures, parts[0]?.began ?? 0),
    ...longestRun(outcomes),
    ...byCode(failures),
  ];
  return [...figures.map(([name, value]) => [`${unit}.${name}`, value] as const), ...byNode(unit, outcomes)];
}

function latencyFigures(sorted: readonly number[], percentiles: readonly number[]): Entries {
  const max = sorted.at(-1);
  if (max === undefined) return [];
  const all = new Set([50, 95, ...percentiles]);
  return [...[...all].map((per) => [`p(${String(per)})`, percentile(sorted, per)] as const), ['max', max]];
}

/** The nearest-rank percentile: the smallest value that so many per cent do not exceed. Exact, not interpolated. */
function percentile(sorted: readonly number[], per: number): number {
  return sorted[Math.max(0, Math.ceil((per / 100) * sorted.length) - 1)] ?? NaN;
}

/** @param began ms: a program that was slow to start offers its demand that much later, and no failure is */
function whenFailed(failures: readonly EventOf<'outcomes'>[], began: number): Entries {
  const due = failures.flatMap((event) => event.due);
  if (due.length === 0) return [];
  return [
    ['firstFailure', (due.reduce((a, b) => Math.min(a, b)) - began) / 1000],
    ['lastFailure', (due.reduce((a, b) => Math.max(a, b)) - began) / 1000],
  ];
}

/** `(28) Connection timed out` counts as `(28)`; an outcome without a code under its whole text. */
function byCode(failures: readonly EventOf<'outcomes'>[]): Entries {
  const counts = new Map<string, number>();
  for (const { outcome, due } of failures) {
    const name = /^\([^)]*\)/.exec(outcome)?.[0] ?? outcome;
    counts.set(name, (counts.get(name) ?? 0) + due.length);
  }
  return [...counts];
}

function tableFigures(events: readonly PhaseEvent[], node: string): Entries {
  const byNode = Map.groupBy(ofType(events, 'sample'), (sample) => sample.node);
  return [...byNode].flatMap(([name, samples]) =>
    nodeFigures(samples).map(([key, value]) => [prefixed(key, name, node), value] as const),
  );
}

function nodeFigures(samples: readonly EventOf<'sample'>[]): Entries {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return [];
  const deltas = Object.entries(last.counters).map(
    ([name, value]) =>
      [`${name}.delta`, value - first.counters[name as keyof typeof first.counters]] as const,
  );
  const most = samples.reduce((max, sample) => Math.max(max, sample.entries), 0);
  return [
    ['samples', samples.length],
    ['entries.first', first.entries],
    ['entries.max', most],
    ['entries.last', last.entries],
    ['limit', last.limit],
    ['buckets', last.buckets],
    // Sample by sample, since a remedy may raise the limit halfway.
    ['free.min', samples.reduce((min, sample) => Math.min(min, sample.limit - sample.entries), Infinity)],
    ...deltas,
    ...Object.entries({ ...fillingFigures(samples), ...chainFigures(most, last.limit, last.buckets) }),
  ];
}

/** Every total as the difference between the phase's edges; one that was read at one edge only is left out. */
function totals(events: readonly PhaseEvent[], node: string): Entries {
  const read = ofType(events, 'totals');
  const sums = new Map<string, number>();
  for (const end of read.filter((event) => event.edge === 'end')) {
    const start = read.find((event) => event.edge === 'start' && event.node === end.node);
    for (const [key, value] of Object.entries(end.totals)) {
      const before = start?.totals[key];
      if (before === undefined) continue;
      const name = key.startsWith(OF_A_NODE) ? prefixed(key, end.node, node) : key;
      sums.set(name, (sums.get(name) ?? 0) + value - before);
    }
  }
  return [...sums];
}

function prefixed(key: string, node: string, underTest: string): string {
  return node === underTest ? key : `${node}.${key}`;
}

function derived(figures: Figures, demand: string): Figures {
  const { queries, ['lookups.offered']: lookups } = figures;
  const perLookup = queries !== undefined && lookups ? { 'queries.perLookup': queries / lookups } : {};
  const first = figures['entries.first'];
  const offered = figures[`${demand}.offered`];
  const perOffered =
    first !== undefined && offered
      ? { 'entries.perOffered': ((figures['entries.max'] ?? first) - first) / offered }
      : {};
  const answered = figures[`${demand}.answered`];
  const perAnswered =
    first !== undefined && answered
      ? { 'entries.perAnswered': ((figures['entries.max'] ?? first) - first) / answered }
      : {};
  const { 'packets.untranslated': untranslated } = figures;
  const escapedNat =
    untranslated !== undefined && offered ? { 'untranslated.perOffered': untranslated / offered } : {};
  return {
    ...perLookup,
    ...perOffered,
    ...perAnswered,
    ...escapedNat,
    ...clashes(figures, offered),
    ...standing(figures, offered),
    ...conservation(figures),
    ...relief(figures),
    ...evictionFigures(figures, demand),
  };
}

/**
 * Entries that went without being evicted for a new one, or deleted by us: at 95 % and above the kernel's garbage
 * collector takes unassured and closing ones, in steps of some hundred, when its turn comes (gc_worker in
 * nf_conntrack_core.c). Those that come while ours are being deleted count as its own.
 */
function relief(figures: Figures): Figures {
  const { 'packets.entered': entered, 'entries.first': first, 'entries.last': last } = figures;
  const { 'early_drop.delta': evicted, flushed = 0 } = figures;
  if (entered === undefined || first === undefined || last === undefined || evicted === undefined) return {};
  return { relief: entered - evicted - flushed - (last - first) };
}

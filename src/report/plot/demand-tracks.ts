import { isAnswer } from '../../load/outcome-words.ts';
import type { Run } from '../../history/run.ts';
import { count, sentence } from '../../judge/words.ts';
import { kindOf } from '../../load/index.ts';
import type { Band, Cycle } from './story.ts';
import { BARS, binWidth, observedMs, spanOf, type Bars, type Span, type Tone, type Track } from './track.ts';

interface Operation {
  readonly band: Band;
  readonly at: number;
  readonly ok: boolean;
  readonly latency: number;
}

/** The demand’s operations, by when each was due. */
export function operationsOf(run: Run, { bands }: Cycle): readonly Operation[] {
  const { unit } = kindOf(run.header.protocol.demand);
  return bands.flatMap((band) => {
    const { phase, from } = band;
    return phase.ofType('outcomes').flatMap((event) =>
      event.unit === unit
        ? event.due.map((due, i) => ({
            band,
            at: from + due,
            ok: isAnswer(event.outcome),
            latency: event.latency[i] ?? NaN,
          }))
        : [],
    );
  });
}

/** Operations by the span in which they were due, in order. */
function binned(
  operations: readonly Operation[],
  width: number,
): readonly (Span & { readonly own: readonly Operation[] })[] {
  const spans = new Map<number, Span & { own: Operation[] }>();
  for (const operation of operations) {
    const span = spanOf(operation.band, operation.at, width);
    const known = spans.get(span.from);
    if (known) known.own.push(operation);
    else spans.set(span.from, { ...span, own: [operation] });
  }
  return [...spans.values()].toSorted((a, b) => a.from - b.from);
}

/** The demand, by when it was due: answered or failed. */
export function demand(run: Run, cycle: Cycle, operations: readonly Operation[]): Track | undefined {
  const { unit } = kindOf(run.header.protocol.demand);
  if (operations.length === 0) return undefined;
  const width = binWidth(observedMs(cycle), BARS);
  const all = binned(operations, width).map(({ from, to, own }) => {
    const perSecond = 1000 / (to - from);
    const ok = own.filter((each) => each.ok).length;
    return { from, to, ok: ok * perSecond, all: own.length * perSecond };
  });
  const bar = (
    label: string,
    tone: Tone,
    of: (bin: (typeof all)[number]) => readonly [number, number],
  ): Bars => ({
    label,
    tone,
    spans: all.flatMap((bin) => {
      const [base, y] = of(bin);
      return y > base ? [{ from: bin.from, to: bin.to, base, y }] : [];
    }),
  });
  const answered = operations.filter(({ ok }) => ok).length;
  return {
    key: 'demand',
    title: `${sentence(unit)} due`,
    unit: 'a second',
    height: 90,
    curves: [],
    bars: [
      bar(`answered ${count(answered)}`, 'good', ({ ok }) => [0, ok]),
      bar(`failed ${count(operations.length - answered)}`, 'bad', ({ ok, all: most }) => [ok, most]),
    ],
    most: Math.max(...all.map((bin) => bin.all)) * 1.1,
    told: `Answered ${count(answered)} of ${count(operations.length)}.`,
  };
}

const PERCENTILES: readonly (readonly [share: number, tone: Tone])[] = [
  [0.5, 'main'],
  [0.95, 'second'],
  [0.99, 'odd'],
];
/** Fewer answers have no 99th percentile worth drawing. */
const FEWEST = 4;

/** How long answers took. */
export function latency(cycle: Cycle, operations: readonly Operation[]): Track | undefined {
  const answered = operations.filter(({ ok, latency: ms }) => ok && ms > 0);
  if (answered.length === 0) return undefined;
  const width = binWidth(observedMs(cycle), BARS / 2);
  const bins = binned(answered, width)
    .filter(({ own }) => own.length >= FEWEST)
    .map(({ from, to, own }) => ({
      band: own[0]?.band,
      at: (from + to) / 2,
      sorted: own.map((each) => each.latency).toSorted((a, b) => a - b),
    }));
  if (bins.length === 0) return undefined;
  const curves = PERCENTILES.map(([share, tone]) => ({
    label: `p${String(share * 100)}`,
    tone,
    segments: cycle.bands
      .map((band) =>
        bins
          .filter((bin) => bin.band === band)
          .map(({ at, sorted }) => [at, percentile(sorted, share)] as const),
      )
      .filter((points) => points.length > 0),
  }));
  const highest = Math.max(...curves.flatMap(({ segments: parts }) => parts.flat().map(([, y]) => y)));
  const sorted = answered.map((each) => each.latency).toSorted((a, b) => a - b);
  return {
    key: 'latency',
    title: 'Latency of answers',
    unit: 'ms, log',
    height: 80,
    curves,
    bars: [],
    most: highest * 1.5,
    log: true,
    told: `Answers took ${count(percentile(sorted, 0.5))} ms (p50), ${count(percentile(sorted, 0.95))} ms (p95), ${count(percentile(sorted, 0.99))} ms (p99).`,
  };
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

/** Queries at the DNS servers: known at both ends of a phase only, so one bar per phase. */
export function queries({ bands }: Cycle): Track | undefined {
  const spans = bands.flatMap(({ phase, from, to }) => {
    const totals = phase.ofType('totals');
    const sum = (edge: 'start' | 'end'): number =>
      totals.reduce((all, event) => all + (event.edge === edge ? (event.totals.queries ?? 0) : 0), 0);
    const asked = sum('end') - sum('start');
    return asked > 0
      ? [{ from, to, base: 0, y: (asked / (to - from)) * 1000, asked, stage: phase.stage }]
      : [];
  });
  if (spans.length === 0) return undefined;
  return {
    key: 'queries',
    title: 'DNS queries',
    unit: 'a second, mean of the phase',
    height: 60,
    curves: [],
    bars: [{ label: 'queries', tone: 'second', spans }],
    most: Math.max(...spans.map(({ y }) => y)) * 1.15,
    told: `Queries: ${spans.map(({ stage, asked }) => `${stage} ${count(asked)}`).join(', ')}.`,
  };
}

import type { Run } from '../../history/run.ts';
import { count } from '../../judge/words.ts';
import type { ConntrackCounter, EventOf } from '../../schema/history.ts';
import type { Band, Cycle } from './story.ts';
import {
  BARS,
  BINS,
  binWidth,
  observedMs,
  spanOf,
  thinned,
  type Bars,
  type Point,
  type Span,
  type Tone,
  type Track,
} from './track.ts';

/** The counters that tell why packets are lost, and how each is drawn. */
const COUNTERS: readonly (readonly [name: ConntrackCounter, tone: Tone])[] = [
  ['drop', 'bad'],
  ['early_drop', 'warn'],
  ['insert_failed', 'second'],
  ['invalid', 'odd'],
  ['chaintoolong', 'third'],
  ['clash_resolve', 'other'],
];
const NODE_TONES: readonly Tone[] = ['second', 'third', 'odd', 'other'];

type Sample = EventOf<'sample'>;

function samplesOf({ phase }: Band, node: string): readonly Sample[] {
  return phase.ofType('sample').filter((sample) => sample.node === node);
}

/** A segment for each phase: nothing is sampled between phases. */
function segments(
  { bands, from, to }: Cycle,
  node: string,
  value: (sample: Sample) => number,
): readonly (readonly Point[])[] {
  return bands
    .map((band) =>
      thinned(
        samplesOf(band, node).map((sample) => [sample.t, value(sample)] as const),
        from,
        to,
        BINS,
      ),
    )
    .filter((points) => points.length > 0);
}

function nodesOf({ header: { protocol } }: Run): readonly string[] {
  const { node, topology } = protocol;
  return [node, ...topology.nodes.filter((each) => each !== node)];
}

/** Entries of each node’s table against its limit. */
export function shares(run: Run, cycle: Cycle): Track {
  const nodes = nodesOf(run);
  const all = nodes.map((node, i) => ({
    label: node,
    tone: i === 0 ? ('main' as const) : (NODE_TONES[(i - 1) % NODE_TONES.length] ?? 'other'),
    segments: segments(cycle, node, ({ entries, limit }) => (limit > 0 ? (100 * entries) / limit : 0)),
  }));
  const most = all.map(({ label, segments: parts }) => {
    const highest = Math.max(0, ...parts.flat().map(([, y]) => y));
    return `${label} at most ${count(Math.round(highest * 10) / 10)} %`;
  });
  return {
    key: 'table',
    title: 'Conntrack table',
    unit: '% of the limit',
    height: 90,
    curves: [
      ...all.filter(({ segments: parts }) => parts.length > 0).toReversed(),
      {
        label: 'limit',
        tone: 'limit',
        segments: [
          [
            [cycle.from, 100],
            [cycle.to, 100],
          ],
        ],
      },
    ],
    bars: [],
    most: 108,
    told: `Entries as a share of the limit: ${most.join(', ')}.`,
  };
}

/** A phase with this many times more room than the fullest is not drawn beside it. */
const TIMES = 6;

/** Free entries of the table under test, at a scale that shows how the last ones go. */
export function room(run: Run, cycle: Cycle): Track | undefined {
  const { node } = run.header.protocol;
  const all = cycle.bands.flatMap(({ stage, ...band }) => {
    const [points = []] = segments({ ...cycle, bands: [{ stage, ...band }] }, node, freeIn);
    if (points.length === 0) return [];
    const values = points.map(([, y]) => y);
    return [{ stage, points, least: Math.min(...values), most: Math.max(...values) }];
  });
  if (all.length === 0) return undefined;
  const fullest = Math.min(...all.map(({ most }) => most).filter((each) => each > 0));
  const shown = all.filter(({ most }) => most <= fullest * TIMES);
  const cut = all.filter((each) => !shown.includes(each));
  return {
    key: 'room',
    title: `Free entries on ${node}`,
    unit: 'entries',
    height: 110,
    curves: [{ label: 'free', tone: 'main', segments: shown.map(({ points }) => points) }],
    bars: [],
    most: Math.max(1, ...shown.map(({ most }) => most)) * 1.1,
    ...(cut.length > 0 && {
      cut: `${cut.map(({ stage, least }) => `${stage}: ${count(least)} or more`).join(', ')}, not drawn`,
    }),
    told: `Free entries at the fewest, by phase: ${all.map(({ stage, least }) => `${stage} ${count(least)}`).join(', ')}.`,
  };
}

function freeIn({ entries, limit }: Sample): number {
  return Math.max(0, limit - entries);
}

/** How fast the table’s counters rise. */
export function counters(run: Run, cycle: Cycle): Track | undefined {
  const { node } = run.header.protocol;
  const width = binWidth(observedMs(cycle), BARS);
  const moved = COUNTERS.flatMap(([name, tone]) => {
    const steps = cycle.bands.map((band) => risesOf(band, samplesOf(band, node), name, width));
    const total = steps.flat().reduce((sum, { rise }) => sum + rise, 0);
    return total === 0 ? [] : [{ name, tone, steps, total }];
  });
  const sampled = cycle.bands.some((band) => samplesOf(band, node).length > 0);
  if (!sampled) return undefined;
  const bars: Bars[] = [];
  const heights = new Map<number, number>();
  for (const { name, tone, steps, total } of moved) {
    const spans = steps.flat().map(({ from, to, rise }) => {
      const base = heights.get(from) ?? 0;
      const y = base + (rise / (to - from)) * 1000;
      heights.set(from, y);
      return { from, to, base, y };
    });
    bars.push({ label: `${name} +${count(total)}`, tone, spans });
  }
  const told =
    moved.length === 0
      ? 'No counter of the table moved.'
      : `In all: ${moved.map(({ name, total }) => `${name} +${count(total)}`).join(', ')}.`;
  return {
    key: 'counters',
    title: moved.length === 0 ? 'Counters: none moved' : 'Counters',
    unit: 'a second',
    height: moved.length === 0 ? 26 : 80,
    curves: [],
    bars,
    most: Math.max(1, ...heights.values()) * 1.1,
    told,
  };
}

/** By how much a counter rose in each span of time; spans in which it did not are left out. */
function risesOf(
  band: Band,
  samples: readonly Sample[],
  name: ConntrackCounter,
  width: number,
): readonly (Span & { readonly rise: number })[] {
  const rises = new Map<number, Span & { readonly rise: number }>();
  for (const [i, sample] of samples.entries()) {
    const before = samples[i - 1];
    if (before === undefined) continue;
    const rise = sample.counters[name] - before.counters[name];
    const span = spanOf(band, sample.t, width);
    if (rise > 0) rises.set(span.from, { ...span, rise: (rises.get(span.from)?.rise ?? 0) + rise });
  }
  return [...rises.values()];
}

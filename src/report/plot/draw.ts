import type { Element, ElementContent } from 'hast';
import { s } from 'hastscript';
import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import { count } from '../../judge/words.ts';
import type { Cycle } from './story.ts';
import { timeAxis, timeScale, type Scale } from './time-axis.ts';
import type { Curve, Point, Track } from './track.ts';

/** px of the drawing; it is scaled to the page. */
export const FRAME = { width: 1000, left: 70, right: 118 };
const TOP = 50;
const GAP = 26;
const AXIS = 24;

/** Something that happened at one time: a change, a line of the kernel’s log. */
export interface Mark {
  /** ms since the run began */
  readonly at: number;
  readonly kind: 'change' | 'undo' | 'kernel';
  /** What a change is called in the list below. */
  readonly sign: string;
  readonly text: string;
}

/**
 * Plots over one time axis, with the phases as bands behind them, and marks where something happened.
 *
 * @param id unique on the page
 */
export function drawCycle(
  cycle: Cycle,
  tracks: readonly Track[],
  marks: readonly Mark[],
  id: string,
): Element {
  const { width, left, right } = FRAME;
  const kernel = marks.filter(({ kind }) => kind === 'kernel');
  const others = marks.filter(({ kind }) => kind !== 'kernel');
  const strip = kernel.length > 0 ? 18 : 0;
  const heights = tracks.reduce((sum, track) => sum + track.height + GAP, 0);
  const bottom = TOP + heights + strip;
  const x = timeScale(cycle, left, width - right);
  const told = [
    `Phases: ${cycle.bands.map(({ stage, from, to }) => `${stage} from ${seconds(from)} to ${seconds(to)}`).join(', ')}.`,
    ...tracks.map((track) => track.told),
  ];
  let top = TOP;
  const plots = tracks.map((track) => {
    const plot = drawTrack(track, top, x);
    top += track.height + GAP;
    return plot;
  });
  return s(
    'svg',
    {
      class: 'plots',
      viewBox: `0 0 ${String(width)} ${String(bottom + AXIS)}`,
      role: 'img',
      ariaLabelledBy: [`${id}-title`, `${id}-desc`],
      dataTimes: x.domain().join(' '),
      dataPlaces: x.range().join(' '),
    },
    [
      s('title', { id: `${id}-title` }, `What was measured over time: ${cycle.name}`),
      s('desc', { id: `${id}-desc` }, told.join(' ')),
      ...bands(cycle, x, bottom),
      ...plots,
      ...kernel.map((mark) => kernelTick(mark, x, bottom - strip)),
      ...(kernel.length > 0
        ? [s('text', { class: 'unit', x: left - 8, y: bottom - strip + 12, textAnchor: 'end' }, 'kernel log')]
        : []),
      ...others.map((mark) => flag(mark, x, bottom)),
      ...timeAxis(x, bottom),
      s('line', { class: 'cursor', x1: 0, x2: 0, y1: TOP, y2: bottom, visibility: 'hidden' }),
    ],
  );
}

function bands({ bands: all }: Cycle, x: Scale, bottom: number): readonly ElementContent[] {
  return all.flatMap(({ stage, from, to }) => {
    const width = Math.max(1, x(to) - x(from));
    return [
      s('rect', {
        class: ['band', stage],
        x: px(x(from)),
        y: 16,
        width: px(width),
        height: px(bottom - 16),
        dataStage: stage,
        dataFrom: from,
        dataTo: to,
      }),
      ...(width < 40
        ? []
        : [s('text', { class: 'stage', x: px(x(from) + width / 2), y: 12, textAnchor: 'middle' }, stage)]),
    ];
  });
}

function drawTrack(track: Track, top: number, x: Scale): Element {
  const { width, left, right } = FRAME;
  const { height, most, log, title, unit, key } = track;
  const y = yScale(track, top);
  const ticks = height < 40 ? [] : log === true ? logTicks(y, most) : y.ticks(3);
  const clip = (value: number): number => Math.max(top - 3, Math.min(top + height, y(value)));
  const [least = 0] = y.domain();
  const data = {
    dataTrack: key,
    dataTitle: title,
    dataLog: String(log === true),
    dataTop: top,
    dataBottom: top + height,
    dataLeast: least,
    dataMost: most,
  };
  return s('g', { class: 'track', ...data }, [
    s('text', { class: 'title', x: left, y: top - 6 }, [
      title,
      s('tspan', { class: 'unit', dx: 6 }, height < 40 ? '' : unit),
    ]),
    s('line', { class: 'base', x1: left, x2: width - right, y1: top + height, y2: top + height }),
    ...ticks.flatMap((tick) => [
      s('line', { class: 'grid', x1: left, x2: width - right, y1: px(y(tick)), y2: px(y(tick)) }),
      s('text', { class: 'tick', x: left - 8, y: px(y(tick) + 4), textAnchor: 'end' }, count(tick)),
    ]),
    ...track.bars.map(({ tone, spans }) =>
      s('path', {
        class: ['bar', tone],
        d: spans
          .map(({ from, to, base, y: value }) => {
            const [x0, x1] = [Math.max(left, x(from)), Math.min(width - right, x(to) - 0.6)];
            return `M${px(x0)} ${px(clip(base))}V${px(clip(value))}H${px(Math.max(x0 + 0.6, x1))}V${px(clip(base))}z`;
          })
          .join(''),
      }),
    ),
    ...track.curves.map(({ tone, label, segments }) =>
      s('path', {
        class: ['curve', tone],
        dataLabel: label,
        d: segments.map((points) => path(points, x, clip)).join(''),
      }),
    ),
    ...legend(track, top),
    ...(track.cut === undefined
      ? []
      : [s('text', { class: 'cut', x: width - right, y: top - 6, textAnchor: 'end' }, track.cut)]),
  ]);
}

function yScale({ log, most, curves, height }: Track, top: number): Scale {
  const range = [top + height, top];
  if (log !== true) return scaleLinear([0, most], range);
  const values = curves.flatMap(({ segments }) => segments.flat().map(([, y]) => y));
  return scaleLog([Math.max(0.01, Math.min(...values) * 0.7), most], range);
}

/** px. Labels that are closer overlap. */
const APART = 13;

/** Powers of ten, or where there are too few of them other round values; none so close that labels overlap. */
function logTicks(y: Scale, most: number): readonly number[] {
  const all = y.ticks(4).filter((tick) => tick <= most);
  const powers = all.filter((tick) => /^0*\.?0*10*$/.test(String(tick)));
  const kept: number[] = [];
  for (const tick of [...powers, ...(powers.length > 1 ? [] : all)])
    if (kept.every((each) => Math.abs(y(each) - y(tick)) >= APART)) kept.push(tick);
  return kept;
}

function path(points: readonly Point[], x: Scale, y: (value: number) => number): string {
  const draw = line<Point>()
    .x(([t]) => x(t))
    .y(([, value]) => y(value))
    .digits(1);
  return draw(points) ?? '';
}

/** Names beside the plot, at the right: a reader needs no colours. */
function legend({ curves, bars }: Track, top: number): readonly ElementContent[] {
  const names = [...bars.toReversed(), ...curves.toReversed()].filter(({ label }) => label !== '');
  const x = FRAME.width - FRAME.right + 10;
  return names.slice(0, 6).flatMap(({ label, tone, ...rest }, i) => {
    const y = top + 8 + i * 14;
    const sign = isCurve(rest)
      ? s('line', { class: ['curve', tone], x1: x, x2: x + 16, y1: y - 4, y2: y - 4 })
      : s('rect', { class: ['bar', tone], x, y: y - 9, width: 16, height: 9 });
    return [
      sign,
      s('text', { class: 'name', x: x + 21, y }, label.length > 15 ? `${label.slice(0, 14)}…` : label),
    ];
  });
}

function isCurve(rest: object): rest is Pick<Curve, 'segments'> {
  return 'segments' in rest;
}

function flag({ at, kind, sign, text }: Mark, x: Scale, bottom: number): Element {
  const left = px(x(at));
  return s('g', { class: ['mark', kind], dataAt: at }, [
    s('title', text),
    s('line', { x1: left, x2: left, y1: 16, y2: bottom }),
    s('circle', { cx: left, cy: 24, r: 8 }),
    s('text', { x: left, y: 27.5, textAnchor: 'middle' }, sign),
  ]);
}

function kernelTick({ at, text }: Mark, x: Scale, top: number): Element {
  const left = px(x(at));
  return s('g', { class: 'mark kernel', dataAt: at }, [
    s('title', text),
    s('line', { x1: left, x2: left, y1: top + 2, y2: top + 14 }),
  ]);
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** A coordinate to a tenth: more would only make the page larger. */
export function px(value: number): number {
  return Math.round(value * 10) / 10;
}

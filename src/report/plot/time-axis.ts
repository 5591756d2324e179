import type { ElementContent } from 'hast';
import { s } from 'hastscript';
import { scaleLinear, type ScaleContinuousNumeric } from 'd3-scale';
import type { Cycle } from './story.ts';

export type Scale = ScaleContinuousNumeric<number, number>;

/** A pause between phases that is longer than this share of all of them is cut short. */
const LONG = 0.15;
/** px of a pause that is cut short. */
const CUT = 44;
/** px. Labels that are closer overlap. */
const APART = 46;

/** The time axis of a cycle: even within and between phases, but long pauses are cut short. */
export function timeScale({ bands, from, to }: Cycle, left: number, right: number): Scale {
  const long = LONG * bands.reduce((sum, band) => sum + band.to - band.from, 0);
  const cuts = bands.flatMap((band, i) => {
    const next = bands[i + 1];
    return next !== undefined && next.from - band.to > long ? [{ from: band.to, to: next.from }] : [];
  });
  const drawn = to - from - cuts.reduce((sum, cut) => sum + cut.to - cut.from, 0);
  const pxPerMs = (right - left - CUT * cuts.length) / Math.max(1, drawn);
  const times = [from];
  const places = [left];
  let place = left;
  let since = from;
  for (const cut of cuts) {
    place += (cut.from - since) * pxPerMs;
    times.push(cut.from, cut.to);
    places.push(place, place + CUT);
    place += CUT;
    since = cut.to;
  }
  return scaleLinear([...times, to], [...places, right]);
}

/** Seconds below the plots, and how long a pause is that was cut short. */
export function timeAxis(x: Scale, y: number): readonly ElementContent[] {
  const times = x.domain();
  const [left = 0, right = 0] = [x.range()[0], x.range().at(-1)];
  let last = -Infinity;
  return [
    s('line', { class: 'axis', x1: left, x2: right, y1: y, y2: y }),
    ...times.flatMap((from, i): readonly ElementContent[] => {
      const to = times[i + 1];
      if (to === undefined) return [];
      // The parts of the domain take turns: drawn, cut short, drawn.
      if (i % 2 === 1) {
        const middle = (x(from) + x(to)) / 2;
        last = middle + CUT / 2 - APART / 2;
        return [label(middle, y, `⋯ ${String(Math.round((to - from) / 1000))} s`)];
      }
      const many = Math.max(1, Math.round((x(to) - x(from)) / 100));
      return scaleLinear([from / 1000, to / 1000], [0, 1])
        .ticks(many)
        .flatMap((tick) => {
          const at = x(tick * 1000);
          if (at - last < APART) return [];
          last = at;
          return [label(at, y, `${String(Math.round(tick * 100) / 100)} s`)];
        });
    }),
  ];
}

function label(x: number, y: number, text: string): ElementContent {
  return s('text', { class: 'tick', x: Math.round(x * 10) / 10, y: y + 15, textAnchor: 'middle' }, text);
}

import type { Element } from 'hast';
import { s } from 'hastscript';
import { scaleLinear } from 'd3-scale';
import { lanesOf, type Cycle } from './story.ts';
import { FRAME, px, seconds } from './draw.ts';

const ROW = 30;
const TOP = 8;

/** The whole run: what each lab did when, a row a lab and a box a phase. */
export function drawOverview(cycles: readonly Cycle[], end: number): Element {
  const lanes = lanesOf(cycles);
  const { width, left } = FRAME;
  const right = 20;
  const x = scaleLinear([0, Math.max(1, end / 1000)], [left, width - right]);
  const bottom = TOP + lanes.length * (ROW + 16);
  return s(
    'svg',
    {
      class: 'plots overview',
      viewBox: `0 0 ${String(width)} ${String(bottom + 22)}`,
      role: 'img',
      ariaLabelledBy: ['overview-title'],
    },
    [
      s('title', { id: 'overview-title' }, 'What each lab did when; the tables below have the times.'),
      ...lanes.flatMap((lane, i) => {
        const y = TOP + 14 + i * (ROW + 16);
        return [
          s('text', { class: 'tick', x: left - 8, y: y + 19, textAnchor: 'end' }, `lab ${String(i + 1)}`),
          ...lane.flatMap((cycle) => [
            s('text', { class: 'name', x: px(x(cycle.from / 1000)), y: y - 3 }, nameFor(cycle, x)),
            ...cycle.bands.map(({ stage, from, to }) =>
              s(
                'rect',
                {
                  class: ['band', stage],
                  x: px(x(from / 1000)),
                  y,
                  width: px(Math.max(1.5, x(to / 1000) - x(from / 1000) - 0.8)),
                  height: ROW,
                },
                s('title', `${cycle.name}, ${stage}: ${seconds(from)} to ${seconds(to)}`),
              ),
            ),
          ]),
        ];
      }),
      s('line', { class: 'axis', x1: left, x2: width - right, y1: bottom + 4, y2: bottom + 4 }),
      ...x
        .ticks(8)
        .map((tick) =>
          s(
            'text',
            { class: 'tick', x: px(x(tick)), y: bottom + 18, textAnchor: 'middle' },
            `${String(tick)} s`,
          ),
        ),
    ],
  );
}

/** As much of the name as fits above its boxes. */
function nameFor({ name, from, to }: Cycle, x: (value: number) => number): string {
  const fits = Math.floor((x(to / 1000) - x(from / 1000)) / 6.6);
  if (name.length <= fits) return name;
  return fits < 4 ? '' : `${name.slice(0, fits - 1)}…`;
}

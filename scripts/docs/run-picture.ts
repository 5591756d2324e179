import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { toHtml } from 'hast-util-to-html';
import { s } from 'hastscript';
import { Run } from '../../src/history/run.ts';
import { judge } from '../../src/judge/judge.ts';
import { sentence } from '../../src/judge/words.ts';
import { STYLE } from '../../src/report/html/style.ts';
import { drawCycle, FRAME } from '../../src/report/plot/draw.ts';
import { cycleOf, SYMPTOM_CYCLE, type Cycle } from '../../src/report/plot/story.ts';
import { tracksOf } from '../../src/report/plot/tracks.ts';
import { recordedEventSchema } from '../../src/schema/recorded-event.ts';

const RECORDED = join(import.meta.dirname, '../../test/fixtures/runs/saturate/history.jsonl.gz');
const HEAD = 64;
/** The plots that tell it at a glance. */
const TOLD = ['table', 'room', 'counters', 'demand'];

/** The first phases of a recorded run, as the report draws them, for a page that is light or dark. */
export function runPicture(look: 'light' | 'dark'): string {
  const { plots, width, height, headline, reason } = (drawn ??= draw());
  const picture = s(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${String(width)} ${String(height + HEAD)}`,
      role: 'img',
    },
    [
      s('style', styleOf(look)),
      s('rect', { class: 'page', width, height: height + HEAD, rx: 12 }),
      s('text', { class: 'headline', x: FRAME.left, y: 28 }, headline),
      s('text', { class: 'stage', x: FRAME.left, y: 50 }, reason),
      s('svg', { ...plots.properties, y: HEAD, width, height }, plots.children),
    ],
  );
  return `${toHtml(picture, { space: 'svg', closeEmptyElements: true })}\n`;
}

/** The same in each look. */
let drawn: ReturnType<typeof draw> | undefined;

function draw() {
  const lines = gunzipSync(readFileSync(RECORDED)).toString().trim().split('\n');
  const history = lines.map((line) => recordedEventSchema.parse(JSON.parse(line)));
  const run = new Run(history);
  const cycle = shown(cycleOf(run, SYMPTOM_CYCLE));
  const plots = drawCycle(
    cycle,
    tracksOf(run, cycle).filter(({ key }) => TOLD.includes(key)),
    [],
    'run',
  );
  const [, , width = 0, height = 0] = String(plots.properties.viewBox).split(' ').map(Number);
  const { symptom, scenario } = judge(history, '');
  return {
    ...{ plots, width, height },
    ...{ headline: `tablefull run ${scenario}`, reason: `${sentence(symptom.reason)}.` },
  };
}

/** What happened before remedies were tried. */
function shown(cycle: Cycle | undefined): Cycle {
  const bands = (cycle?.bands ?? []).filter(({ stage }) => stage === 'baseline' || stage === 'fault');
  const [from, to] = [bands[0]?.from, bands.at(-1)?.to];
  if (from === undefined || to === undefined) throw new Error(`${RECORDED}: no phase of the problem`);
  return { name: SYMPTOM_CYCLE, bands, from, to };
}

/** The report’s rules for plots, with the colours of one look. */
function styleOf(look: 'light' | 'dark'): string {
  const colours = STYLE.replaceAll(/light-dark\((#\w+), (#\w+)\)/g, look === 'light' ? '$1' : '$2');
  const [, root = ''] = /:root \{\n([^}]*)\}/.exec(colours) ?? [];
  const rules = STYLE.split('\n').filter((line) => /^svg [^{]*\{/.test(line));
  return [
    `svg { ${root.replaceAll(/\s*\n\s*/g, ' ')} font-family: system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }`,
    ...rules,
    'svg .page { fill: var(--card); stroke: var(--line); }',
    'svg .headline { font-size: 19px; font-weight: 650; }',
  ].join('\n');
}

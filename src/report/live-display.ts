import { createLogUpdate } from 'log-update';
import { count } from '../judge/words.ts';
import { cut, painter, widths, wrap, wrapped, type Paint } from './layout.ts';
import {
  footOf,
  latencyOf,
  nodesOf,
  phaseName,
  stamp,
  type Display,
  type Screen,
  type Underway,
} from './display.ts';
import {
  cameSoFar,
  demandSoFar,
  droppedSoFar,
  freeSoFar,
  takenSoFar,
  type NodeTally,
  type Tally,
} from './tally.ts';

/** Minimum redraw interval, ms. */
const REDRAW = 100;
const GAUGE = { least: 8, most: 30 };
const SPARK = { least: 8, most: 40 };
/** Fewer columns have no place for how many entries came. */
const NARROW = 60;
/** Rows that are left to the lines above the block. */
const ABOVE = 4;

/** A block at the bottom of a terminal, drawn over and over, and lines that stay above it. */
export function liveDisplay(screen: Screen): Display {
  const draw = createLogUpdate(screen as NodeJS.WritableStream);
  const paint = painter(screen);
  let drawn = -Infinity;
  let closed = false;
  return {
    talk(line) {
      if (!closed) draw.clear();
      screen.write(`${wrapped(line, screen.columns)}\n`);
    },
    say(t, line) {
      const indent = ' '.repeat(stamp(t).length + 1);
      const [first = '', ...rest] = wrap(line, (screen.columns ?? 80) - indent.length, '');
      draw.persist(
        [`${paint('dim', stamp(t))} ${first}`, ...rest.map((text) => `${indent}${text}`)].join('\n'),
      );
    },
    show(t, underway) {
      if (closed || t - drawn < REDRAW) return;
      drawn = t;
      draw(blockOf(t, underway, screen, paint).join('\n'));
    },
    close() {
      closed = true;
      draw.clear();
      draw.done();
    },
  };
}

/** Every line is shorter than the terminal is wide, and the block less high. */
function blockOf(
  t: number,
  underway: Underway,
  { columns = 80, rows = 24 }: Screen,
  paint: Paint,
): readonly string[] {
  const { tallies, kernel } = underway;
  const width = Math.max(20, columns - 1);
  const { running } = tallies;
  const foot = [
    ...(kernel === undefined ? [] : [paint('dim', cut(`kernel ${kernel}`, width))]),
    paint('dim', cut(footOf(underway), width)),
  ];
  const room = Math.max(2, Math.floor((rows - ABOVE - foot.length) / Math.max(1, running.length)) - 2);
  return [...running.flatMap((tally) => phaseBlock(tally, t, underway, width, room, paint)), ...foot];
}

/** @param room rows for nodes */
function phaseBlock(
  tally: Tally,
  t: number,
  { tallies }: Underway,
  width: number,
  room: number,
  paint: Paint,
): readonly string[] {
  const seconds = `${Math.max(0, (t - tally.since) / 1000).toFixed(1)} s`;
  const name = cut(phaseName(tally, tallies), width - seconds.length - 2);
  const nodes = nodesOf(tally, tallies).slice(0, room);
  const words = nodes.map((node) => [
    node.last.node,
    freeSoFar(node) + (width < NARROW ? '' : cameSoFar(node)),
    dropsOf(node),
  ]);
  const wide = widths(words);
  return [
    `${paint('bold', name)}  ${seconds}`,
    ...nodes.map((node, i) => nodeLine(node, words[i] ?? [], wide, width, paint)),
    demandLine(tally, width, paint),
  ];
}

/** Name, how much of its room is taken, free entries, how they went, and what was dropped. */
function nodeLine(
  node: NodeTally,
  [name = '', said = '', drops = '']: readonly string[],
  [names = 0, table = 0, dropped = 0]: readonly number[],
  width: number,
  paint: Paint,
): string {
  const rest = width - 2 - names - 1 - 1 - table - 1 - dropped;
  const gauge = rest < GAUGE.least ? 0 : Math.max(GAUGE.least, Math.min(GAUGE.most, Math.floor(rest / 2)));
  const spark = Math.max(0, Math.min(SPARK.most, rest - gauge));
  const taken = takenSoFar(node);
  const filled = Math.min(gauge, Math.round(taken * gauge));
  const colour = taken >= 1 ? 'red' : taken >= 0.95 ? 'yellow' : 'green';
  return [
    `  ${name.padEnd(names)} `,
    paint(colour, '█'.repeat(filled)),
    '░'.repeat(gauge - filled),
    ` ${said.padEnd(table)} `,
    paint(colour, spark < SPARK.least ? '' : node.free.spark(spark)),
    drops === '' ? '' : paint('red', drops),
  ].join('');
}

function dropsOf(node: NodeTally): string {
  const drop = droppedSoFar(node);
  return drop > 0 ? ` drop +${count(drop)}` : '';
}

function demandLine(tally: Tally, width: number, paint: Paint): string {
  const said = `  ${demandSoFar(tally)}`;
  const latency = latencyOf(tally);
  const rest = width - said.length - latency.length - 2;
  const half = Math.min(SPARK.most, Math.floor(rest / (tally.failed > 0 ? 2 : 1)) - 1);
  if (half < SPARK.least) return cut(`${said}${latency}`, width);
  return [
    said,
    ' ',
    paint('green', tally.answers.spark(half)),
    ...(tally.failed > 0 ? [' ', paint('red', tally.failures.spark(half))] : []),
    paint('dim', latency),
  ].join('');
}

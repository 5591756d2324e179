import { printable } from '../util/printable.ts';
import { cellName, rowName, sayUnexpected, type Cell, type Matrix } from '../schema/matrix.ts';
import { isAsExpected } from '../schema/result.ts';
import { count } from '../judge/words.ts';
import { wrap, type Paint } from './layout.ts';
import { LOOKS } from './looks.ts';

const EMPTY = '·';

/** The flag after a glyph: the first that holds. */
const FLAGS = [
  { flag: '!', words: 'not as expected', holds: (cell: Cell) => !isAsExpected(cell) },
  { flag: '~', words: 'a time was compressed', holds: ({ compressed }: Cell) => compressed !== null },
  { flag: 'e', words: 'emulated', holds: ({ emulated }: Cell) => emulated },
] as const;

/** Cell widths in columns: glyph and flag, or glyph, word, blank and flag. */
const NARROW = 3;
const WIDE = 9;
const LEAST = 40;

/**
 * Draws the matrix for a terminal: one row per remedy, one column per scenario. Columns have words where they
 * fit, else numbers; too many are split into parts. A legend and the unexpected cells follow.
 */
export function heatMap(judged: Matrix, asked: Shown, columns: number, paint: Paint): string {
  const [matrix, shown] = [printable(judged), printable(asked)];
  const width = Math.max(LEAST, columns);
  const cells = new Map(matrix.cells.map((cell) => [cellName(cell), cell]));
  const label = Math.max(...shown.columns.map((name) => name.length)) + 1;
  const wide = Math.floor((width - label) / WIDE) >= shown.rows.length;
  const cellWidth = wide ? WIDE : NARROW;
  const perPart = Math.max(1, Math.floor((width - label) / cellWidth));
  const parts = chunks(
    shown.rows.map((row, i) => ({ name: rowName(row), head: wide ? rowName(row) : String(i + 1) })),
    perPart,
  );
  const maps = parts.map((part) => [
    ...header(
      part.map(({ head }) => head),
      label,
      cellWidth,
    ).map((line) => paint('bold', line)),
    ...shown.columns.map((remedy) =>
      [remedy.padEnd(label), ...part.map(({ name }) => drawn(cells.get(`${name} × ${remedy}`), wide, paint))]
        .join('')
        .trimEnd(),
    ),
  ]);
  const key = shown.rows.map((row, i) => `${String(i + 1)} ${rowName(row)}`).join(', ');
  const blocks = [
    ...maps,
    wide ? [] : wrap(key, width, ''),
    legend(matrix, width, paint),
    surprises(matrix, width, paint),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** The order that rows and columns are shown in. */
export interface Shown {
  readonly rows: readonly Pick<Cell, 'scenario' | 'params'>[];
  /** `symptom`, `control`, and the remedies. */
  readonly columns: readonly string[];
}

function drawn(cell: Cell | undefined, wide: boolean, paint: Paint): string {
  if (cell === undefined) return paint('dim', EMPTY) + ' '.repeat((wide ? WIDE : NARROW) - 1);
  const { glyph, word, colour } = LOOKS[cell.status];
  const flag = FLAGS.find(({ holds }) => holds(cell))?.flag ?? '';
  const text = wide ? `${glyph}${word} ${flag}`.trimEnd() : `${glyph}${flag}`;
  const painted = paint(flag === '!' ? ['bold', 'underline', colour] : colour, text);
  return painted + ' '.repeat((wide ? WIDE : NARROW) - text.length);
}

/** Column heads, broken at hyphens and blanks, aligned to the bottom. */
function header(names: readonly string[], label: number, width: number): readonly string[] {
  const broken = names.map((name) => breakName(name, width - 1));
  const height = Math.max(...broken.map((lines) => lines.length));
  return Array.from({ length: height }, (_, i) => {
    const texts = broken.map((lines) => lines[i - (height - lines.length)] ?? '');
    return [' '.repeat(label), ...texts.map((text) => text.padEnd(width))].join('').trimEnd();
  });
}

function breakName(name: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const part of name.split(/(?<=[-=])| /)) {
    const pieces = part.match(new RegExp(`.{1,${String(width)}}`, 'g')) ?? [];
    for (const piece of pieces) {
      const last = lines.at(-1);
      if (last?.endsWith('-') === true && last.length + piece.length <= width)
        lines[lines.length - 1] = last + piece;
      else lines.push(piece);
    }
  }
  return lines;
}

/** Explains the glyphs and flags that occur. */
function legend({ cells }: Matrix, width: number, paint: Paint): readonly string[] {
  const statuses = Object.entries(LOOKS).flatMap(([status, { glyph, colour }]) => {
    const times = cells.filter((cell) => cell.status === status).length;
    return times === 0 ? [] : [{ text: `${glyph} ${status} ${count(times)}`, colour }];
  });
  const flags = FLAGS.flatMap(({ flag, words, holds }) => (cells.some(holds) ? [`${flag} ${words}`] : []));
  const lines: (typeof statuses)[] = [];
  for (const each of statuses) {
    const last = lines.at(-1);
    const used = last?.reduce((sum, { text }) => sum + text.length + 2, 0) ?? Infinity;
    if (used + each.text.length <= width) last?.push(each);
    else lines.push([each]);
  }
  const painted = lines.map((line) => line.map(({ text, colour }) => paint(colour, text)).join('  '));
  return [...painted, ...(flags.length > 0 ? wrap(flags.join('; '), width, '') : [])];
}

function surprises({ cells }: Matrix, width: number, paint: Paint): readonly string[] {
  return cells
    .filter((cell) => !isAsExpected(cell))
    .flatMap((cell) => [
      `${paint('bold', cellName(cell))}: ${sayUnexpected(cell)}`,
      ...wrap(cell.reason, width, '  '),
    ]);
}

function chunks<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

import { printable, printableLine } from '../util/printable.ts';
import { cellName, rowName, SYMPTOM, type Cell, type Matrix } from '../schema/matrix.ts';
import { isAsExpected } from '../schema/result.ts';
import { count } from '../judge/words.ts';
import type { Shown } from './heat-map.ts';
import type { Remedy } from '../remedy/remedy.ts';
import { markdownTable, markdownText } from './markdown.ts';

/** The figures to print for a row: those its scenario shows. */
export type Telling = (row: Pick<Cell, 'scenario' | 'params'>) => readonly string[];

/** Renders the matrix as Markdown: a table whose cells link to figures, and from there to run folders. */
export function matrixMarkdown(
  judged: Matrix,
  asked: Shown,
  telling: Telling,
  remedies: readonly Breaking[] = [],
): string {
  const broken = new Map(remedies.flatMap(({ name, breaks }) => (breaks ? [[name, breaks] as const] : [])));
  return markdownOf(
    printable(judged),
    printable(asked),
    (row) => telling(row).map(printableLine),
    (remedy) => {
      const found = broken.get(remedy);
      return found === undefined ? '' : `${markdownText(found.what)}: \`${found.shownBy}\``;
    },
  );
}

/** A remedy, as far as the column “breaks” needs it. */
type Breaking = Pick<Remedy, 'name' | 'breaks'>;

function markdownOf(
  matrix: Matrix,
  shown: Shown,
  telling: Telling,
  breaks: (remedy: string) => string,
): string {
  const cells = new Map(matrix.cells.map((cell) => [cellName(cell), cell]));
  const { kernel, asked, seconds, versions, outcome } = matrix;
  const tools = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const head = ['', ...shown.rows.map(rowName), 'breaks'];
  const body = shown.columns.map((remedy) => [
    remedy,
    ...shown.rows.map((row) => linked(cells.get(cellName({ ...row, remedy })))),
    breaks(remedy),
  ]);
  const parts = shown.rows.map((row) => {
    const own = shown.columns.flatMap((remedy) => cells.get(cellName({ ...row, remedy })) ?? []);
    const rows = own.map((cell) => detail(cell, telling(row)));
    return [`## ${rowName(row)}`, '', ...markdownTable([['cell', 'verdict', 'figures', 'run'], ...rows])];
  });
  return [
    '# Matrix',
    '',
    ...(outcome === undefined ? [] : [`**${outcome.headline}**: ${markdownText(outcome.summary)}`, '']),
    `Kernel ${kernel}, lab ${asked.lab}, squeeze ${asked.squeeze}, seed ${String(asked.seed)}${asked.quick ? ', quick' : ''}, ${count(Math.round(seconds))} s; ${markdownText(tools.join(', '))}.`,
    '',
    'One column per scenario, one row per remedy; **bold**: not as expected; ~: a time was compressed; e: emulated. The last column: what a remedy breaks, and the scenario that shows it.',
    '',
    ...markdownTable([head, ...body]),
    ...parts.flatMap((part) => ['', ...part]),
    '',
  ].join('\n');
}

function linked(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  const flags = [...(cell.compressed === null ? [] : ['~']), ...(cell.emulated ? ['e'] : [])].join('');
  const text = `[${cell.status}](#${anchor(cell)})${flags === '' ? '' : ` ${flags}`}`;
  return isAsExpected(cell) ? text : `**${text}**`;
}

function detail(cell: Cell, telling: readonly string[]): readonly string[] {
  const { remedy, status, expected, reason, compressed, emulated, figures, run } = cell;
  const remarks = [
    ...(isAsExpected(cell) || expected === null ? [] : [`expected ${expected}`]),
    ...(emulated ? ['emulated'] : []),
    reason,
    ...(compressed === null ? [] : [`compressed: ${compressed}`]),
  ];
  const told = Object.entries(figures).filter(
    ([name]) => telling.includes(name) || /^confirm\.|^steady$|^lasts$/.test(name),
  );
  return [
    `<a id="${anchor(cell)}"></a>${remedy === SYMPTOM ? 'the symptom' : remedy}`,
    markdownText(`${status}: ${remarks.join('; ')}`),
    told.map(([name, value]) => `\`${name}\` ${count(value)}`).join(', '),
    run === null ? 'not run' : `[${run.split('/').at(-1) ?? run}](${run}/)`,
  ];
}

function anchor(cell: Cell): string {
  return cellName(cell).replaceAll(/[^a-z0-9]+/gi, '-');
}

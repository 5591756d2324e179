import type { Element, ElementContent } from 'hast';
import { h } from 'hastscript';
import { count } from '../../judge/words.ts';
import {
  cellName,
  CONTROL,
  rowName,
  sayUnexpected,
  SYMPTOM,
  type Cell,
  type Matrix,
} from '../../schema/matrix.ts';
import { isAsExpected } from '../../schema/result.ts';
import { LOOKS } from '../looks.ts';
import type { Telling } from '../matrix-markdown.ts';
import { shownIn } from '../shown.ts';
import { htmlDocument } from './document.ts';
import { badge } from './head.ts';
import { command, facts, idOf, sayVersions, scroller, section, status } from './parts.ts';

/** A matrix, and where its runs’ reports are from the page. */
interface ShownMatrix {
  readonly matrix: Matrix;
  /** The path of the report of a cell’s run, relative to the page; undefined: there is none. */
  readonly link: (run: string) => string | undefined;
  /** What tells it from the others, as a column head: `netns, kernel 6.18.44`. */
  readonly name: string;
}

/** A cell of one of the matrices, with the id of what it opens. */
interface Opened {
  readonly cell: Cell;
  readonly id: string;
  readonly of: ShownMatrix;
}

/**
 * Matrices as one page of HTML: a remedy a row, a scenario a group of columns, a matrix a column of it. Each
 * cell opens what was found.
 */
export function matrixPage(matrices: readonly ShownMatrix[], telling: Telling): string {
  const shown = shownIn(matrices.map(({ matrix }) => matrix));
  const opened = matrices.map((of, i) => ({
    of,
    cells: new Map(
      of.matrix.cells.map((cell): [string, Opened] => [
        cellName(cell),
        { cell, of, id: `cell-${String(i + 1)}-${idOf(cellName(cell))}` },
      ]),
    ),
  }));
  const all = opened.flatMap(({ cells }) => [...cells.values()]);
  const groups = shown.rows.map((row) =>
    opened.filter(({ cells }) => [...cells.values()].some(({ cell }) => rowName(cell) === rowName(row))),
  );
  const several = matrices.length > 1;
  const head = [
    h('tr', [
      h('td'),
      ...shown.rows.map((row, i) =>
        h('th', { scope: 'colgroup', colSpan: Math.max(1, groups[i]?.length ?? 1), class: 'group' }, [
          h('span', { class: 'slant' }, rowName(row)),
        ]),
      ),
    ]),
    ...(several
      ? [
          h('tr', [
            h('td'),
            ...groups.flatMap((group) =>
              group.map(({ of }, i) =>
                h('th', { scope: 'col', class: i === 0 ? 'group' : '', title: of.name }, [
                  String(matrices.indexOf(of) + 1),
                ]),
              ),
            ),
          ]),
        ]
      : []),
  ];
  const rows = shown.columns.map((remedy) =>
    h('tr', [
      h('th', { scope: 'row' }, remedy),
      ...shown.rows.flatMap((row, i) =>
        (groups[i] ?? []).map(({ cells }, j) =>
          h('td', { class: j === 0 ? 'group' : '' }, button(cells.get(cellName({ ...row, remedy })))),
        ),
      ),
    ]),
  );
  const body: ElementContent[] = [
    answer(matrices, all),
    section(
      'map',
      'Which remedy cures which problem',
      h(
        'p',
        { class: 'quiet' },
        'One row for each remedy, one column for each scenario. Open a cell for what was found and why.',
      ),
      scroller('The matrix', h('table', { class: 'map' }, [h('thead', head), h('tbody', rows)])),
      legend(all),
      ...all.map((each) => popover(each, telling, several)),
    ),
    ...surprises(all, several),
    ...matrices.map((each, i) => about(each, i, several)),
  ];
  const title = several ? `${String(matrices.length)} matrices · tablefull` : 'Matrix · tablefull';
  return htmlDocument(title, [h('main', { class: 'wide' }, body)]);
}

function answer(matrices: readonly ShownMatrix[], all: readonly Opened[]): Element {
  const good = all.filter(({ cell }) => isAsExpected(cell)).length;
  const tried = all.filter(
    ({ cell }) => ![SYMPTOM, CONTROL].includes(cell.remedy) && cell.status !== 'skipped',
  );
  const cured = tried.filter(({ cell }) => cell.status === 'cured').length;
  return h('header', [
    h('p', { class: 'kicker' }, ['tablefull · ', matrices.map(({ name }) => name).join(' · ')]),
    h(
      'h1',
      // How far it got is in its summary.
      matrices.some(({ matrix: { outcome } }) => outcome?.headline === 'INTERRUPTED')
        ? 'The matrix was interrupted.'
        : `${count(good)} of ${count(all.length)} results are as expected.`,
    ),
    h(
      'p',
      { class: 'lead' },
      `In ${count(cured)} of ${count(tried.length)} trials the remedy cures the problem.`,
    ),
    ...matrices.flatMap(({ matrix: { outcome } }) =>
      outcome === undefined
        ? []
        : [h('p', { class: 'headline' }, [badge(outcome.headline), ` ${outcome.summary}`])],
    ),
  ]);
}

function button(opened: Opened | undefined): ElementContent {
  if (opened === undefined) return h('span', { class: 'none', ariaLabel: 'not planned' }, '·');
  const { cell, id } = opened;
  const { glyph } = LOOKS[cell.status];
  const surprise = !isAsExpected(cell);
  return h(
    'button',
    {
      type: 'button',
      popoverTarget: id,
      class: [cell.status, surprise ? 'surprise' : ''],
      ariaLabel: `${cellName(cell)}: ${surprise ? sayUnexpected(cell) : cell.status}`,
    },
    `${glyph}${surprise ? '!' : cell.compressed !== null ? '~' : cell.emulated ? 'e' : ''}`,
  );
}

function popover({ cell, id, of }: Opened, telling: Telling, several: boolean): Element {
  const { expected, reason, compressed, emulated, figures, run } = cell;
  const show = telling(cell);
  const told = Object.entries(figures).filter(
    ([name]) => show.includes(name) || /^confirm\.|^steady$|^lasts$/.test(name),
  );
  const link = run === null ? undefined : of.link(run);
  return h('div', { popover: 'auto', id, role: 'dialog', ariaLabel: cellName(cell), class: 'cell' }, [
    h('h3', [cellName(cell), ' ', status(cell.status)]),
    ...(several ? [h('p', { class: 'quiet' }, of.name)] : []),
    h('p', reason),
    facts([
      ['expected', isAsExpected(cell) ? undefined : (expected ?? undefined)],
      ['emulated', emulated ? 'yes' : undefined],
      ['compressed', compressed ?? undefined],
      ...told.map(([name, value]) => [h('code', name), count(value)] as const),
      [
        'run',
        run === null ? 'not applicable' : link === undefined ? h('code', run) : h('a', { href: link }, run),
      ],
    ]),
  ]);
}

function legend(all: readonly Opened[]): Element {
  const flags = [
    ['!', 'not as expected', ({ cell }: Opened) => !isAsExpected(cell)],
    ['~', 'a time was compressed', ({ cell }: Opened) => cell.compressed !== null],
    ['e', 'emulated', ({ cell }: Opened) => cell.emulated],
  ] as const;
  const statuses = Object.keys(LOOKS) as (keyof typeof LOOKS)[];
  return h('ul', { class: 'legend' }, [
    ...statuses.flatMap((name) => {
      const times = all.filter(({ cell }) => cell.status === name).length;
      return times === 0 ? [] : [h('li', [status(name), ` ${count(times)}`])];
    }),
    ...flags.flatMap(([flag, words, holds]) => (all.some(holds) ? [h('li', `${flag} ${words}`)] : [])),
  ]);
}

function surprises(all: readonly Opened[], several: boolean): readonly Element[] {
  const odd = all.filter(({ cell }) => !isAsExpected(cell));
  if (odd.length === 0) return [];
  return [
    section(
      'surprises',
      'Not as expected',
      h(
        'ul',
        odd.map(({ cell, of }) =>
          h('li', [
            h('strong', cellName(cell)),
            several ? ` (${of.name})` : '',
            ': ',
            status(cell.status),
            `${cell.expected === null ? '' : `, expected ${cell.expected}`}: ${cell.reason}`,
          ]),
        ),
      ),
    ),
  ];
}

function about({ matrix, name }: ShownMatrix, i: number, several: boolean): Element {
  const { asked, seconds, versions, restore, startedAt, planned, cells, privileged } = matrix;
  const quick = asked.quick ? ['--quick'] : [];
  const lab = asked.lab === 'netns' ? [] : ['--lab', asked.lab];
  const words = ['npm run matrix --', ...quick, ...lab, '--seed', String(asked.seed)];
  return section(
    `about-${String(i + 1)}`,
    several ? `${String(i + 1)}: ${name}` : 'How it was made',
    command(words.join(' ')),
    facts([
      ['began', startedAt],
      ['took', `${count(Math.round(seconds))} s`],
      ['cells', `${count(cells.length)} of ${count(planned)}`],
      ['squeeze', asked.squeeze],
      ['user', privileged ? 'root' : 'not root'],
      ['restored', restore.status === 'complete' ? 'everything' : restore.left.join('; ')],
      ['versions', sayVersions(versions)],
    ]),
  );
}

/** What tells a matrix from another: its lab, the kernel, and kube-proxy. */
export function nameOf({ asked, kernel, versions }: Matrix): string {
  const proxy = versions['kube-proxy'];
  return [
    `${asked.lab} lab`,
    `kernel ${kernel}`,
    ...(proxy === undefined ? [] : [`kube-proxy ${proxy}`]),
  ].join(', ');
}

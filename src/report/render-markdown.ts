import { type Paint, readable, wrap } from './layout.ts';
import { cellsOf } from './markdown.ts';

/**
 * Renders the Markdown subset of docs/ for a terminal: headings, paragraphs, lists, tables, inline code,
 * emphasis and links. Code blocks stay as they are, and tables that fit; of a wider one each row is a list.
 */
export function renderMarkdown(text: string, columns: number, paint: Paint): string {
  const width = readable(columns, 40);
  const lines = blocksOf(text).flatMap((block) => ['', ...render(block, width, paint)]);
  return `${lines.slice(1).join('\n')}\n`;
}

type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Item[] }
  | { readonly kind: 'table'; readonly lines: readonly string[] }
  | { readonly kind: 'verbatim'; readonly lines: readonly string[] };

/** `mark`: the item's `-` or `2.` */
interface Item {
  readonly mark: string;
  readonly text: string;
}

const FENCE = '```';
const HEADING = /^(#+) +(.*)$/;
const ITEM = /^(-|\d+\.) +(.*)$/;

/** Blank lines separate blocks. A heading ends with its line; a fence may hold blank lines. */
function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n').values();
  let open: string[] = [];
  const close = (): void => {
    if (open.length > 0) blocks.push(blockOf(open));
    open = [];
  };
  for (const line of lines) {
    const [, hashes = '', heading] = HEADING.exec(line) ?? [];
    if (line.startsWith(FENCE)) {
      close();
      const code: string[] = [];
      for (const inside of lines) {
        if (inside.startsWith(FENCE)) break;
        code.push(inside);
      }
      blocks.push({ kind: 'verbatim', lines: code });
    } else if (heading !== undefined) {
      close();
      blocks.push({ kind: 'heading', level: hashes.length, text: heading });
    } else if (line.trim() === '') close();
    else open.push(line);
  }
  close();
  return blocks;
}

function blockOf(lines: readonly string[]): Block {
  const [first = ''] = lines;
  if (first.startsWith('|')) return { kind: 'table', lines };
  if (!ITEM.test(first)) return { kind: 'paragraph', text: lines.join(' ') };
  const items: Item[] = [];
  for (const line of lines) {
    const [, mark, text = ''] = ITEM.exec(line) ?? [];
    const last = items.at(-1);
    if (mark !== undefined) items.push({ mark, text });
    else if (last) items[items.length - 1] = { ...last, text: `${last.text} ${line.trim()}` };
  }
  return { kind: 'list', items };
}

function render(block: Block, width: number, paint: Paint): readonly string[] {
  switch (block.kind) {
    case 'heading':
      return [paint(block.level === 1 ? ['bold', 'underline'] : 'bold', block.text)];
    case 'paragraph':
      return wrap(inline(block.text, paint), width, '');
    case 'list':
      return block.items.flatMap(({ mark, text }) => {
        const indent = ' '.repeat(mark.length + 1);
        const [first = '', ...rest] = wrap(inline(text, paint), width, indent);
        return [`${mark} ${first.slice(indent.length)}`, ...rest];
      });
    case 'table':
      return block.lines.every((line) => line.length + VERBATIM.length <= width)
        ? verbatim(block.lines, paint)
        : rowsOf(block.lines, width, paint);
    case 'verbatim':
      return verbatim(block.lines, paint);
  }
}

const VERBATIM = '    ';

function verbatim(lines: readonly string[], paint: Paint): readonly string[] {
  return lines.map((line) => (line === '' ? '' : `${VERBATIM}${paint('cyan', line)}`));
}

/** The first cell as a line, and below it the others with the heads of their columns. */
function rowsOf(lines: readonly string[], width: number, paint: Paint): readonly string[] {
  const [heads = [], , ...rows] = lines.map(cellsOf);
  return rows.flatMap(([first = '', ...cells], i) => [
    ...(i > 0 ? [''] : []),
    ...wrap(inline(first, paint), width, '').map((line) => paint('bold', line)),
    ...cells.flatMap((cell, column) =>
      cell === ''
        ? []
        : wrap(inline(`${(heads[column + 1] ?? '').toLowerCase()}: ${cell}`, paint), width, INDENT),
    ),
  ]);
}

const INDENT = '  ';

const SPAN =
  /`(?<code>[^`]+)`|\[(?<label>[^\]]+)\]\((?<target>[^)]+)\)|<(?<url>https?:[^>]+)>|\*\*(?<strong>[^*]+)\*\*|(?<!\w)_(?<stressed>[^_]+)_(?!\w)/g;

function inline(text: string, paint: Paint): string {
  // Paint each word: a span may wrap without its colour running on.
  const each = (format: Parameters<Paint>[0], words: string): string =>
    words
      .split(' ')
      .map((word) => paint(format, word))
      .join(' ');
  return text.replaceAll(SPAN, (...match) => {
    const groups = match.at(-1) as unknown as Readonly<Record<string, string | undefined>>;
    const { code, label, target, url, strong, stressed } = groups;
    if (code !== undefined) return each('cyan', code);
    if (strong !== undefined) return each('bold', strong);
    if (stressed !== undefined) return each('italic', stressed);
    if (label !== undefined) return linked(label, target ?? '', paint);
    return paint('underline', url ?? '');
  });
}

/** A link for a terminal, where a path from page to page leads nowhere: pages are read by `explain NAME`. */
function linked(label: string, target: string, paint: Paint): string {
  const [, folder, page] = /^(\.\.\/\w[\w-]*\/)?([\w-]+)\.md(?:#.*)?$/.exec(target) ?? [];
  if (page !== undefined)
    return page === label || folder === undefined
      ? label
      : `${label} (${paint('underline', `explain ${page}`)})`;
  return `${label} (${paint('underline', target.replace(/^(\.\.\/)+/, 'docs/'))})`;
}

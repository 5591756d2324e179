import { CHANGE_KINDS } from '../../change/index.ts';
import { FIGURE_GROUPS } from '../../figure/index.ts';
import { isNamed, namesOf, type Figure } from '../../figure/figure.ts';
import { CONNTRACK_COUNTERS } from '../../kernel/counter-names.ts';
import { LOADS } from '../../load/index.ts';
import { CANARIES } from '../../load/keepalive/schema.ts';
import { readReference } from './pages.ts';
import { cellsOf } from '../../report/markdown.ts';

/** A word that has no page of its own. */
interface Word {
  readonly name: string;
  /** Markdown. */
  readonly page: string;
  /** The page that says more: of a scenario, a remedy or a counter. */
  readonly see?: string;
}

/** The tables of these pages define words: first the word, last its meaning. */
const WORD_PAGES = ['sysctls', 'glossary', 'words-on-the-screen', 'verdict'] as const;
const SYSCTL = /^net\.(netfilter|ipv4)\.(conf\.[a-z]+\.)?/;

/** Every word that a verdict prints, beside names of scenarios, remedies and counters. */
export function explainedWords(): readonly Word[] {
  return [...WORD_PAGES.flatMap(tableWords), ...figureWords()];
}

/** The meaning of a word: of a column, a status, a phase, a sysctl, a figure, or of another name of one. */
export function explainWord(asked: string): Word | undefined {
  const words = WORD_PAGES.flatMap(tableWords);
  const sought = plain(asked);
  return words.find(({ name }) => plain(name) === sought) ?? figureWord(asked) ?? changeWord(asked);
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[-_ ]+/g, '-')
    .replace(SYSCTL, '')
    .replace(/^nf-conntrack-/, '');
}

function tableWords(page: (typeof WORD_PAGES)[number]): readonly Word[] {
  let heads: readonly string[] = [];
  return readReference(page)
    .split('\n')
    .flatMap((line, i, lines) => {
      if (!line.startsWith('|') || /^\|\s*-/.test(line)) return [];
      const cells = cellsOf(line);
      if (/^\|\s*-/.test(lines[i + 1] ?? '')) {
        heads = cells;
        return [];
      }
      return wordsOf(cells, heads);
    });
}

/** The words of a row: one, or several with the same meaning. */
function wordsOf(cells: readonly string[], heads: readonly string[]): readonly Word[] {
  const [first = ''] = cells;
  const meaning = cells.at(-1) ?? '';
  const see = /^See `([^`]+)`\.?$/.exec(meaning)?.[1];
  const between = cells
    .map((cell, i) => `- ${heads[i] ?? ''}: ${cell}`)
    .filter((_, i) => i > 0 && i < cells.length - 1 && cells[i] !== '');
  return first.split(/, (?![^`]*`(?:,|$))/).map((word) => {
    const name = word.replaceAll('`', '');
    return {
      name,
      page: [`# ${name}`, meaning, between.join('\n')].filter((part) => part !== '').join('\n\n'),
      ...(see !== undefined && { see }),
    };
  });
}

/** A kind of change: `squeeze`, `limit`. */
function changeWord(asked: string): Word | undefined {
  const found = CHANGE_KINDS.find(({ kind }) => kind === asked);
  return (
    found && {
      name: found.kind,
      page: `# ${found.kind}\n\n${found.doc}\n\nAll changes: docs/reference/changes.md.`,
    }
  );
}

const PREFIXES = new Set([...LOADS.map(({ unit }) => unit), CANARIES.unit]);

/** `requests.p(95)`, `baseline.drop.delta`, `worker-2.entries.max`: with every prefix that a verdict gives one. */
function figureWord(asked: string): Word | undefined {
  const parts = asked.split('.');
  for (let cut = 0; cut < Math.min(3, parts.length); cut++) {
    const own = parts.slice(cut).join('.');
    const prefix = parts.slice(0, cut);
    for (const { title, figures } of FIGURE_GROUPS) {
      const figure = figures.find((each) => isNamed(each, own) && (cut === 0 || takes(each, prefix)));
      if (figure !== undefined) return { name: asked, page: figurePage(asked, figure, title) };
    }
  }
  return undefined;
}

function takes({ scope }: Figure, prefix: readonly string[]): boolean {
  const [last = ''] = prefix.slice(-1);
  return scope === 'load' || scope === 'load-on-node' ? true : !PREFIXES.has(last);
}

function figurePage(name: string, { doc, unit, source, scope }: Figure, title: string): string {
  const of = { load: 'a load', 'load-on-node': 'a load on one node', node: 'a node', lab: 'the lab' }[scope];
  const more = CONNTRACK_COUNTERS.find((counter) => name.endsWith(`${counter}.delta`));
  return [
    `# ${name}`,
    doc,
    [`- unit: ${unit}`, `- of: ${of} (${title})`, `- source: ${source}`].join('\n'),
    `All figures: docs/reference/figures.md.${more === undefined ? '' : ` The counter: \`tablefull explain ${more}\`.`}`,
  ].join('\n\n');
}

function figureWords(): readonly Word[] {
  return FIGURE_GROUPS.flatMap(({ title, figures }) =>
    figures.flatMap((figure) =>
      (namesOf(figure).length === 0 ? [figure.name] : namesOf(figure)).map((name) => ({
        name,
        page: figurePage(name, figure, title),
      })),
    ),
  );
}

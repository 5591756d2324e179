import type { Element, ElementContent } from 'hast';
import { h } from 'hastscript';
import type { CellStatus } from '../../schema/matrix.ts';
import { LOOKS } from '../looks.ts';

/** A status with its glyph: colour is never the only sign. */
export function status(name: CellStatus): Element {
  return h('span', { class: ['status', name] }, [
    h('span', { ariaHidden: 'true' }, `${LOOKS[name].glyph} `),
    name,
  ]);
}

/** The same of a text that may be no status of ours, as `met`. */
export function statusIn(text: string): ElementContent {
  return isStatus(text) ? status(text) : { type: 'text', value: text };
}

function isStatus(text: string): text is CellStatus {
  return Object.hasOwn(LOOKS, text);
}

/** A part of the page that the table of contents can name. */
export function section(id: string, heading: string, ...content: readonly ElementContent[]): Element {
  return h('section', { id, ariaLabelledBy: `${id}-heading` }, [
    h('h2', { id: `${id}-heading` }, heading),
    ...content,
  ]);
}

/** @param rows cells; the first of a row is its head @param numbers the columns from which on all are numbers */
export function table(
  head: readonly string[],
  rows: readonly (readonly (ElementContent | string)[])[],
  { caption, numbers = Infinity }: { readonly caption: string; readonly numbers?: number },
): Element {
  const kind = (i: number): string[] => (i >= numbers ? ['number'] : []);
  return scroller(
    caption,
    h('table', [
      h('caption', { class: 'hidden' }, caption),
      h(
        'thead',
        h(
          'tr',
          head.map((text, i) => h('th', { scope: 'col', class: kind(i) }, text)),
        ),
      ),
      h(
        'tbody',
        rows.map((cells) =>
          h(
            'tr',
            cells.map((cell, i) =>
              i === 0 ? h('th', { scope: 'row' }, cell) : h('td', { class: kind(i) }, cell),
            ),
          ),
        ),
      ),
    ]),
  );
}

/** What may be wider than the page; the keyboard can scroll it. */
export function scroller(label: string, content: Element): Element {
  return h('div', { class: 'scroll', tabIndex: 0, role: 'region', ariaLabel: label }, content);
}

/** Terms and what is said of each; undefined ones are left out. */
export function facts(
  all: readonly (readonly [
    term: ElementContent | string,
    said: ElementContent | ElementContent[] | string | undefined,
  ])[],
): Element {
  return h(
    'dl',
    all.flatMap(([term, said]) => (said === undefined ? [] : [h('dt', term), h('dd', said)])),
  );
}

/** A command to copy. */
export function command(text: string): Element {
  return h('pre', { class: 'command', tabIndex: 0 }, h('code', text));
}

/** An id that a name can have: names may hold anything. */
export function idOf(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9-]+/g, '-');
}

/** A text of ours: what stands between backticks is code. */
export function prose(text: string): ElementContent[] {
  return text
    .split('`')
    .map((part, i) => (i % 2 === 1 ? h('code', part) : { type: 'text' as const, value: part }));
}

/** Programs and their versions; most say their name themselves. */
export function sayVersions(versions: Readonly<Record<string, string>>): string {
  return Object.entries(versions)
    .map(([name, version]) => (version.startsWith(name) ? version : `${name} ${version}`))
    .join('; ');
}

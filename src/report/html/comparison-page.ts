import { h } from 'hastscript';
import type { Comparison } from '../../schema/comparison.ts';
import { NOTE, sayComparison, sectionsOf } from '../comparison.ts';
import { htmlDocument } from './document.ts';
import { idOf, section, statusIn, table } from './parts.ts';

/**
 * A comparison as one page of HTML, the answer first.
 *
 * @param link where the report of a side’s folder is from the page; undefined: there is none
 */
export function comparisonPage(
  comparison: Comparison,
  link: (folder: string) => string | undefined = () => undefined,
): string {
  const { a, b } = comparison;
  const side = ({ name }: Comparison['a']) => {
    const href = link(name);
    return href === undefined ? h('code', name) : h('a', { href }, name);
  };
  return htmlDocument(`${a.name} and ${b.name} compared · tablefull`, [
    h('main', [
      h('header', [
        h('p', { class: 'kicker' }, `tablefull · comparison of two ${PLURALS[a.kind]}`),
        h('h1', `${sayComparison(comparison)}.`),
        h('p', { class: 'lead' }, ['From ', side(a), ' to ', side(b), '.']),
      ]),
      ...sectionsOf(comparison).map(({ title, head, rows }) =>
        section(
          idOf(title),
          title,
          table(
            head,
            rows.map((row) => row.map(statusIn)),
            { caption: title },
          ),
        ),
      ),
      h('footer', h('p', NOTE)),
    ]),
  ]);
}

const PLURALS = { run: 'runs', suite: 'suites', matrix: 'matrices' } as const;

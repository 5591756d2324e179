import type { Element } from 'hast';
import { h } from 'hastscript';
import { figure } from '../../figure/compute.ts';
import { figureNamed } from '../../figure/names.ts';
import { count } from '../../judge/words.ts';
import type { Protocol } from '../../schema/protocol.ts';
import type { Figures } from '../../schema/verdict.ts';
import { table } from './parts.ts';

/** A column: a phase, and its figures. */
export type PhaseFigures = readonly [title: string, figures: Figures];

/** The figures that a scenario shows, a column a phase; one that was not seen is a dash, never 0. */
export function figureTable(protocol: Protocol, phases: readonly PhaseFigures[], caption: string): Element[] {
  const rows = protocol.show
    .filter((name) => phases.some(([, figures]) => figures[name] !== undefined))
    .map((name) => {
      const declared = figureNamed(name, protocol);
      const doc = declared && plain(declared.doc);
      return [
        h('code', doc === undefined ? {} : { title: doc }, name),
        ...phases.map(([, figures]) => {
          const value = figure(figures, name);
          return value === undefined ? '–' : count(value);
        }),
        declared === undefined || declared.unit === 'count' ? '' : declared.unit,
      ];
    });
  return rows.length === 0
    ? []
    : [table(['figure', ...phases.map(([title]) => title), 'unit'], rows, { caption, numbers: 1 })];
}

/** Without Markdown’s signs. */
function plain(markdown: string): string {
  return markdown.replaceAll(/[`*]|(?<!\w)_|_(?!\w)/g, '');
}

import type { Recorded } from '../compare/recorded.ts';
import { count } from '../judge/words.ts';
import { headlineSchema } from '../schema/outcome.ts';
import { printable } from '../util/printable.ts';
import { HEADLINE_COLOURS } from './headline.ts';
import { widths, type Paint } from './layout.ts';

/** A table of recorded runs, suites and matrices: when, what, the headline, where. */
export function runList(given: readonly Recorded[], paint: Paint): string {
  const rows = printable(given).map(({ at, kind, name, headline = 'no verdict', seconds, folder }) => [
    new Date(at).toISOString().slice(0, 16).replace('T', ' '),
    kind,
    name,
    headline,
    seconds === undefined ? '' : `${count(Math.round(seconds))} s`,
    folder,
  ]);
  const wide = widths(rows);
  return rows
    .map((row) =>
      row
        .map((text, i) => painted(text.padEnd(wide[i] ?? 0), text, i, paint))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function painted(padded: string, text: string, column: number, paint: Paint): string {
  const headline = headlineSchema.safeParse(text);
  return column === 3 && headline.success ? paint(HEADLINE_COLOURS[headline.data], padded) : padded;
}

import { count } from '../judge/words.ts';
import type { Comparison, FigureChange, Spread, StatusChange } from '../schema/comparison.ts';
import { printable } from '../util/printable.ts';
import { htmlText, markdownTable, markdownText } from './markdown.ts';
import { wrap, type Paint } from './layout.ts';

/** `1 verdict changed, no figure beyond noise; 40 results compared`. */
export function sayComparison({ verdicts, figures, compared }: Comparison): string {
  if (compared === 0) return 'nothing to compare: the sides share no result';
  return `${many(verdicts.length, 'verdict')} changed, ${many(figures.length, 'figure')} beyond noise; ${many(compared, 'result')} compared`;
}

function many(number: number, noun: string): string {
  return `${number === 0 ? 'no' : count(number)} ${noun}${number <= 1 ? '' : 's'}`;
}

/** A section of a comparison: a title, and rows of text. */
interface Section {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What there is to say, the most important first. */
export function sectionsOf(given: Comparison): readonly Section[] {
  const { verdicts, unsteady, inconclusive, figures, onlyA, onlyB, a, b } = printable(given);
  const statuses = (title: string, changes: readonly StatusChange[]): Section => ({
    title,
    head: ['result', 'before', 'after'],
    rows: changes.map(({ about, a: before, b: after }) => [about, before.join(', '), after.join(', ')]),
  });
  const only = (name: string, keys: readonly string[]): Section => ({
    title: `Only in ${name}`,
    head: ['result'],
    rows: keys.map((key) => [key]),
  });
  return [
    statuses('Changed verdicts', verdicts),
    {
      title: 'Figures that changed by more than noise',
      head: ['result', 'figure', 'before', 'after', 'change'],
      rows: figures.map((change) => [
        change.about,
        change.figure,
        spread(change.a),
        spread(change.b),
        changeOf(change),
      ]),
    },
    statuses('Verdicts that differ among repeats', unsteady),
    statuses('Without a verdict on one side', inconclusive),
    only(a.name, onlyA),
    only(b.name, onlyB),
  ].filter(({ rows }) => rows.length > 0);
}

/** `0.33`, `0.33 (0.31 to 0.35, 3 runs)`. */
function spread({ runs, mean, least, most }: Spread): string {
  return runs === 1
    ? count(mean)
    : `${count(mean)} (${count(least)} to ${count(most)}, ${String(runs)} runs)`;
}

/** `+0.3`, or `+20 %` where that says more. */
function changeOf({ a, b, unit }: FigureChange): string {
  const difference = b.mean - a.mean;
  const sign = difference > 0 ? '+' : '−';
  if (unit === '0 to 1' || a.mean === 0) return `${sign}${count(Math.abs(difference))}`;
  return `${sign}${count(Math.round(Math.abs(difference / a.mean) * 1000) / 10)} %`;
}

/** What is not compared, for readers who wonder. */
export const NOTE =
  'Single runs are compared by shares of the demand only, and figures of a machine’s speed never; repeats (--repeat) tell noise from change in the others.';

/** For a terminal. */
export function comparisonScreen(given: Comparison, width: number, paint: Paint): string {
  const { verdicts, figures, a, b } = printable(given);
  const colour = verdicts.length > 0 ? 'red' : figures.length > 0 ? 'yellow' : 'green';
  const [first = '', ...rest] = wrap(sayComparison(given), width, '');
  return [
    paint(['bold', colour], first),
    ...rest,
    ...wrap(`from ${a.name} to ${b.name}`, width, '  '),
    ...sectionsOf(given).flatMap(({ title, rows }) => [
      '',
      paint('bold', title),
      ...rows.flatMap(([about = '', ...values]) => [
        `  ${about}`,
        ...(values.length === 0 ? [] : wrap(inWords(values), width, '    ')),
      ]),
    ]),
  ].join('\n');
}

/** `cured → no-effect`, `drop.delta 0 → 200 (+200)`. */
function inWords(values: readonly string[]): string {
  const [change, after = '', before = '', ...figure] = values.toReversed();
  if (values.length === 2) return `${after} → ${String(change)}`;
  return `${[...figure, before].join(' ')} → ${after} (${String(change)})`;
}

/** For a pull request. */
export function comparisonMarkdown(given: Comparison): string {
  const { a, b } = printable(given);
  return [
    `## ${sayComparison(given)}`,
    '',
    `From \`${a.name}\` to \`${b.name}\`.`,
    ...sectionsOf(given).flatMap(({ title, head, rows }) => [
      '',
      `### ${markdownText(title)}`,
      '',
      ...markdownTable([head, ...rows.map((row) => row.map((text) => escaped(markdownText(text))))]),
    ]),
    '',
    NOTE,
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return htmlText(text).replaceAll('"', '&quot;');
}

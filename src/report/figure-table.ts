import { count } from '../judge/words.ts';
import type { Verdict } from '../schema/verdict.ts';
import { widths } from './layout.ts';

const GAP = '  ';

/** The scenario’s figures, before and under the fault; a figure that was not seen is a dash, never 0. */
export function figureTable(
  { figures }: Verdict['symptom'],
  show: readonly string[],
  width: number,
): readonly string[] {
  const cell = (name: string): string => {
    const value = figures[name];
    return value === undefined ? '–' : count(value);
  };
  const rows = show.map((name) => [name, cell(`baseline.${name}`), cell(name)] as const);
  if (rows.length === 0 || Object.keys(figures).length === 0) return [];
  const table = [['figure', 'baseline', 'fault'], ...rows];
  const [, ...numbers] = widths(table);
  const rest = numbers.reduce((sum, each) => sum + each + GAP.length, 0);
  const name = Math.min(widths(table)[0] ?? 0, width - rest);
  return table.map(([first = '', ...cells]) =>
    [first.padEnd(name), ...cells.map((text, i) => text.padStart(numbers[i] ?? 0))].join(GAP),
  );
}

import { CONTROL, SYMPTOM } from '../schema/matrix.ts';
import { nearest } from '../util/nearest.ts';
import { OptionError } from '../util/option-error.ts';

/** The cells that `--only` selects. */
interface Selection {
  /** Whether the row itself, or a cell of it, is named. @param named as `rowName` has it */
  readonly isNamed: (named: string) => boolean;
  /** Whether any cell of the row is selected. @param named as `rowName` has it */
  readonly row: (scenario: string, named: string) => boolean;
  /** Whether the cell is selected, and whether its remedy was named. */
  readonly cell: (scenario: string, named: string, column: string) => 'no' | 'yes' | 'by name';
}

/** The names that `--only` may use. */
export interface Known {
  readonly scenarios: readonly string[];
  /** Names of rows with parameters: `boom segment=below`. */
  readonly rows: readonly string[];
  readonly remedies: readonly string[];
}

const PAIR = /^(?<row>.+?)\s*[×/]\s*(?<column>.+)$/;

/**
 * Parses `--only`. Scenarios and rows (`boom segment=below`) select rows; remedies select columns.
 * `SCENARIO/REMEDY` or `SCENARIO×REMEDY` adds one cell of each matching row. A row always includes its
 * symptom.
 *
 * @param terms none: everything
 * @throws Error naming the unknown term
 */
export function selection(terms: readonly string[], known: Known): Selection {
  const rows = new Set<string>();
  const columns = new Set<string>();
  const pairs = new Set<string>();
  const ofPairs = new Set<string>();
  const isRow = (name: string): boolean => known.scenarios.includes(name) || known.rows.includes(name);
  const isColumn = (name: string): boolean =>
    known.remedies.includes(name) || name === CONTROL || name === SYMPTOM;
  for (const term of terms) {
    const { row = '', column = '' } = PAIR.exec(term)?.groups ?? {};
    if (isRow(term)) rows.add(term);
    else if (isColumn(term)) columns.add(term);
    else if (isRow(row) && isColumn(column)) {
      pairs.add(key(row, column));
      ofPairs.add(row);
    } else throw new OptionError(`--only ${term}`, unknown(term, row, column, isRow, known));
  }
  const paired = (scenario: string, named: string, column: string): boolean =>
    pairs.has(key(scenario, column)) || pairs.has(key(named, column));
  const wholeRow = (scenario: string, named: string): boolean => {
    if (rows.size > 0) return rows.has(scenario) || rows.has(named);
    return columns.size > 0 || terms.length === 0;
  };
  const cell: Selection['cell'] = (scenario, named, column) => {
    if (paired(scenario, named, column)) return 'by name';
    if (!wholeRow(scenario, named)) return 'no';
    if (columns.has(column)) return 'by name';
    return columns.size === 0 ? 'yes' : 'no';
  };
  const everyColumn = [...known.remedies, CONTROL, SYMPTOM];
  return {
    isNamed: (named) => rows.has(named) || ofPairs.has(named),
    cell,
    row: (scenario, named) => everyColumn.some((column) => cell(scenario, named, column) !== 'no'),
  };
}

function key(row: string, column: string): string {
  return `${row} × ${column}`;
}

function unknown(
  term: string,
  row: string,
  column: string,
  isRow: (name: string) => boolean,
  { scenarios, remedies }: Known,
): string {
  const columns = [SYMPTOM, CONTROL, ...remedies];
  const use = `use ${scenarios.join(', ')}; ${columns.join(', ')}; or SCENARIO/REMEDY`;
  const fix = (name: string, names: readonly string[]): string => {
    const meant = nearest(name, names);
    return meant === undefined ? use : `did you mean ${meant}?`;
  };
  if (row === '') return `unknown scenario or remedy ${term}; ${fix(term, [...scenarios, ...columns])}`;
  return isRow(row)
    ? `unknown remedy ${column}; ${fix(column, columns)}`
    : `unknown scenario ${row}; ${fix(row, scenarios)}`;
}

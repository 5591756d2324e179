import { REMEDIES } from '../remedy/index.ts';
import { CONTROL, rowName, SYMPTOM, type Matrix } from '../schema/matrix.ts';
import type { Shown } from './heat-map.ts';

/** The rows and columns of finished matrices: rows as they come, remedies in the registry’s order. */
export function shownIn(matrices: readonly Matrix[]): Shown {
  const cells = matrices.flatMap((matrix) => matrix.cells);
  const rows = new Map(cells.map((cell) => [rowName(cell), cell]));
  const names = new Set(cells.map(({ remedy }) => remedy));
  const known = [SYMPTOM, CONTROL, ...REMEDIES.map(({ name }) => name)].filter((name) => names.has(name));
  return {
    rows: [...rows.values()].map(({ scenario, params }) => ({ scenario, params })),
    columns: [...known, ...[...names].filter((name) => !known.includes(name))],
  };
}

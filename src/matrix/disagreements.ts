import { cellName, type CellStatus, type Matrix } from '../schema/matrix.ts';

interface Disagreement {
  readonly cell: string;
  /** One per matrix, in their order. */
  readonly statuses: readonly CellStatus[];
}

/** The cells whose verdicts differ between matrices. */
export function disagreements(matrices: readonly Pick<Matrix, 'cells'>[]): readonly Disagreement[] {
  const statuses = new Map<string, CellStatus[]>();
  for (const cell of matrices.flatMap(({ cells }) => cells)) {
    const name = cellName(cell);
    statuses.set(name, [...(statuses.get(name) ?? []), cell.status]);
  }
  return [...statuses].flatMap(([cell, all]) => (new Set(all).size > 1 ? [{ cell, statuses: all }] : []));
}

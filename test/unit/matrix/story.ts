import type { Cell, CellStatus, Matrix } from '../../../src/schema/matrix.ts';

/** One cell of a made-up matrix; what is not said is as expected and was run. */
export function cell(scenario: string, remedy: string, status: CellStatus, change: Partial<Cell> = {}): Cell {
  return {
    scenario,
    params: {},
    remedy,
    status,
    expected: status,
    emulated: false,
    compressed: null,
    reason: 'for a reason',
    figures: {},
    run: `runs/${scenario}`,
    ...change,
  };
}

export function matrixOf(cells: readonly Cell[], change: Partial<Matrix> = {}): Matrix {
  return {
    schema: 'tablefull/matrix/v1',
    kernel: '6.18.5',
    privileged: false,
    versions: { kernel: '6.18.5', nft: 'nftables v1.1.3 (Commodore Bullmoose #4)' },
    asked: { lab: 'netns', squeeze: 'ballast', quick: true, only: [], seed: 7 },
    startedAt: '2026-01-02T03:04:05.000Z',
    seconds: 61,
    planned: cells.length,
    restore: { status: 'complete', left: [] },
    cells: [...cells],
    ...change,
  };
}

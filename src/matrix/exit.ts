import { SIGNAL_CODES, type Interruption } from '../judge/exit.ts';
import { isAsExpected, type Matrix } from './document.ts';

/** The exit code of a matrix, as that of a run; docs/reference/cli.md has the list. */
export function matrixExit({ cells, planned, restore }: Matrix, brokenOff?: Interruption): number {
  if (restore.status === 'incomplete') return 3;
  if (brokenOff !== undefined) return SIGNAL_CODES[brokenOff];
  if (cells.length < planned || cells.some(({ status }) => status === 'inconclusive')) return 2;
  return cells.every(isAsExpected) ? 0 : 1;
}

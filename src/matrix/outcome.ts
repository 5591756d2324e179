import { outcomeOf, type Ended, type Outcome } from '../schema/outcome.ts';
import { leftOf, shortened } from '../judge/run-outcome.ts';
import { cellName, sayUnexpected, type Cell, type Matrix } from '../schema/matrix.ts';
import { resultOf } from '../schema/result.ts';

/** The outcome of a matrix over all its cells, with the headlines and exit codes of a run. */
export function matrixOutcome({ cells, planned, restore }: Matrix, ended: Ended): Outcome {
  const good = cells.filter((cell) => resultOf(cell) === 'passed').length;
  const done = cells.filter(({ status }) => status !== 'inconclusive').length;
  // How many cells an interrupted matrix came to is said before.
  const of = ended.how === 'interrupted' ? '' : ` of ${String(planned)} cells`;
  const skipped = cells.filter(({ status }) => status === 'skipped').length;
  const found = `${String(good)}${of} as expected${skipped > 0 ? `, ${String(skipped)} not applicable` : ''}`;
  const [first] = cells;
  return outcomeOf(
    {
      left: leftOf(restore),
      notRun: first !== undefined && skipped === planned ? first.reason : undefined,
      unclear: unclearOf(cells, planned),
      surprise: surpriseOf(cells),
      found,
      reached: { done, planned, noun: 'cells' },
    },
    ended,
  );
}

function unclearOf(cells: readonly Cell[], planned: number): string | undefined {
  const missing = planned - cells.length;
  const unclear = cells.filter(({ status }) => status === 'inconclusive');
  const parts = [
    ...(missing > 0 ? [`${String(missing)} of ${String(planned)} cells missing`] : []),
    ...(unclear.length > 0
      ? [
          `${String(unclear.length)} of ${String(planned)} cells inconclusive: ${shortened(unclear.map(cellName), ', ')}`,
        ]
      : []),
  ];
  return parts.length === 0 ? undefined : parts.join('; ');
}

function surpriseOf(cells: readonly Cell[]): string | undefined {
  const differ = cells.filter((cell) => resultOf(cell) === 'failed');
  if (differ.length === 0) return undefined;
  const told = differ.map((cell) => `${cellName(cell)} ${sayUnexpected(cell)}`);
  return shortened(told, '; ');
}

import { expect, it } from 'vitest';
import { disagreements } from '../../src/matrix/disagreements.ts';
import { matrixSchema, type Matrix } from '../../src/schema/matrix.ts';
import { command } from '../lab/command.ts';

const TIMES = Number(process.env.TABLEFULL_REPEATS ?? 3);
const ONLY = process.env.TABLEFULL_ONLY ?? 'saturate,boom,dns-storm';

async function matrix(jobs: number | undefined, seed: number): Promise<Matrix> {
  const side = jobs === undefined ? [] : ['--jobs', String(jobs)];
  const words = ['matrix', '--quick', '--only', ONLY, ...side, '--seed', String(seed), '--json', '--quiet'];
  const { stdout, stderr, code } = await command(words);
  const seen = matrixSchema.parse(JSON.parse(stdout));
  const runs = new Set(seen.cells.map(({ run }) => run)).size;
  console.log(
    `jobs ${String(jobs ?? 'as many as the cores bear')}, seed ${String(seed)}: exit ${String(code)}, ${String(Math.round(seen.seconds))} s, ${String(seen.cells.length)} cells of ${String(runs)} runs`,
    stderr,
  );
  return seen;
}

it('a matrix has the same verdicts side by side as one after the other', async () => {
  const all: Matrix[] = [];
  for (let seed = 1; seed <= TIMES; seed++) all.push(await matrix(1, seed), await matrix(undefined, seed));
  expect(disagreements(all)).toEqual([]);
});

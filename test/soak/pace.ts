/**
 * Checks that verdicts do not depend on the machine's speed. Runs the quick matrix at full speed, under CPU
 * quotas, and beside busy loops. Prints for each the number of wrong and inconclusive cells, and its
 * duration. Exits 1 if a cell was wrong, more than 2 % were inconclusive, or an inconclusive one did not
 * name its bottleneck.
 *
 * Usage: npm run soak:pace -- [--only saturate,boom] [--speeds full,100,50,25,loops] [--seed 1] [--repeat 2] [--as root]
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { cellName, matrixSchema, type Cell } from '../../src/schema/matrix.ts';
import { dropTo, scratch } from '../lab/command.ts';
import { slowed, whyNoQuota, type Slowness } from '../lab/quota.ts';

const SPEEDS: Readonly<Record<string, Slowness & { readonly name: string }>> = {
  full: { name: 'full speed' },
  '100': { name: '100 % of one core', quota: 1 },
  '50': { name: '50 % of one core', quota: 0.5 },
  '25': { name: '25 % of one core', quota: 0.25 },
  loops: { name: 'beside 4 busy loops', loops: 4 },
};
/** Above this share of inconclusive cells, the machine decides too often. */
const INCONCLUSIVE = 0.02;
const PROGRAM = join(import.meta.dirname, '../../src/cli/main.ts');

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    // By name: an object's keys that are numbers come first, whatever their order.
    speeds: { type: 'string', default: 'full,100,50,25,loops' },
    seed: { type: 'string', default: '1' },
    repeat: { type: 'string', default: '1' },
    as: { type: 'string', default: 'nobody' },
  },
});

let failed = false;
console.log(
  '| speed | cells | wrong | inconclusive | unnamed | seconds |\n| --- | --- | --- | --- | --- | --- |',
);
for (const speed of values.speeds.split(',')) {
  const slowness = SPEEDS[speed];
  if (slowness === undefined)
    throw new Error(`unknown speed ${speed}; known: ${Object.keys(SPEEDS).join(', ')}`);
  const why = slowness.quota === undefined ? undefined : whyNoQuota();
  if (why !== undefined) {
    console.log(`| ${slowness.name} | not run: ${why} | | | | |`);
    continue;
  }
  const began = performance.now();
  const cells: Cell[] = [];
  for (let time = 0; time < Number(values.repeat); time++)
    cells.push(...(await matrixCells(slowness, Number(values.seed) + time)));
  const run = cells.filter(({ status }) => status !== 'skipped');
  const inconclusive = run.filter(({ status }) => status === 'inconclusive');
  const wrong = run.filter(({ status, expected }) => status !== 'inconclusive' && status !== expected);
  const unnamed = inconclusive.filter(({ blames }) => blames === undefined);
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(
    `| ${slowness.name} | ${[run.length, wrong.length, inconclusive.length, unnamed.length, seconds].join(' | ')} |`,
  );
  for (const cell of [...wrong, ...inconclusive])
    console.error(`  ${cellName(cell)}: ${cell.status}, expected ${cell.expected}: ${cell.reason}`);
  failed ||= wrong.length > 0 || unnamed.length > 0 || inconclusive.length > INCONCLUSIVE * run.length;
}
process.exitCode = failed ? 1 : 0;

async function matrixCells(slowness: Slowness, seed: number): Promise<readonly Cell[]> {
  await using slow = await slowed(slowness);
  using out = scratch();
  const only = values.only === undefined ? [] : ['--only', values.only];
  const [program = '', ...args] = [
    ...slow.before,
    ...dropTo(values.as === 'root' ? 'root' : 'nobody'),
    ...[process.execPath, '--no-warnings', PROGRAM, 'matrix', '--quick', '--json'],
    ...['--seed', String(seed), '--out', join(out.path, 'matrix'), ...only],
  ];
  const { stdout } = await execa(program, args, { reject: false, stderr: 'ignore' });
  return matrixSchema.parse(JSON.parse(stdout)).cells;
}

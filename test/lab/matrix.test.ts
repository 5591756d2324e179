import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { cellName, matrixSchema } from '../../src/schema/matrix.ts';
import { readHistory } from '../../src/history/store.ts';
import { processesOf, scratch, start } from './command.ts';
import { machine } from './machine.ts';

/** A killed matrix must have left nothing after this time. */
const WITHIN_MS = 5_000;

const read = (folder: string) =>
  matrixSchema.parse(JSON.parse(readFileSync(join(folder, 'matrix.json'), 'utf8')));

it('a matrix says what each remedy of a scenario does, and links to the runs', async () => {
  using folder = scratch();
  const out = join(folder.path, 'm');
  const words = ['matrix', '--quick', '--only', 'boom', '--out', out, '--json', '--quiet'];
  const { exitCode, stdout } = await start(words, 'nobody', folder.path).process;
  const matrix = matrixSchema.parse(JSON.parse(stdout));
  expect(Object.fromEntries(matrix.cells.map((cell) => [cellName(cell), cell.status]))).toMatchObject({
    'boom × symptom': 'reproduced',
    'boom × control': 'not-reproduced',
    'boom × raise-max': 'skipped',
    'boom × be-liberal': 'cured',
    'boom × drop-invalid': 'cured',
    'boom × placebo': 'no-effect',
  });
  expect([exitCode, read(out).cells]).toEqual([0, matrix.cells]);
  expect(readFileSync(join(out, 'matrix.md'), 'utf8')).toContain('[cured](#boom-be-liberal)');
  const history = await readHistory(join(out, 'runs/boom'));
  const phases = history.flatMap((event) =>
    event.type === 'phase' && event.edge === 'end' ? [`${event.phase.cycle} ${event.phase.stage}`] : [],
  );
  expect(phases.at(-1)).toBe('symptom confirm');
});

it('a matrix killed halfway leaves no trace, and resumes from there', async () => {
  using folder = scratch();
  const out = join(folder.path, 'm');
  const before = await machine();
  const words = ['matrix', '--quick', '--only', 'boom,symptom,placebo,control', '--out', out, '--quiet'];
  const killed = start(words, 'nobody', folder.path);
  while (!existsSync(join(out, 'runs/boom/history.jsonl'))) await delay(50);
  killed.process.kill('SIGKILL');
  const since = performance.now();
  while (processesOf(killed.marker).length > 0 && performance.now() - since < WITHIN_MS) await delay(50);
  expect(processesOf(killed.marker)).toEqual([]);
  expect(await machine()).toEqual(before);
  expect(read(out).cells.length).toBeLessThan(read(out).planned);

  const { exitCode } = await start(['matrix', '--resume', out, '--quiet'], 'nobody', folder.path).process;
  expect([exitCode, read(out).cells.length]).toEqual([0, read(out).planned]);
});

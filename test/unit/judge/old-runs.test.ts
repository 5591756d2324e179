import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { verdictSchema } from '../../../src/schema/verdict.ts';
import { Cli } from '../cli/cli.ts';

/** Runs that 0.1.0 recorded, and the verdicts that it gave. */
const RUNS = join(import.meta.dirname, '../../fixtures/runs');

it.each(readdirSync(RUNS))('the old run %s is judged as it was', async (name) => {
  using tablefull = new Cli();
  const folder = join(tablefull.folder, 'run');
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'history.jsonl'),
    gunzipSync(readFileSync(join(RUNS, name, 'history.jsonl.gz'))),
  );
  const { code, stdout } = await tablefull.run('judge', folder, '--json');
  const then = verdictSchema.parse(JSON.parse(readFileSync(join(RUNS, name, 'verdict.json'), 'utf8')));
  // A later version may know more figures.
  expect({ ...verdictSchema.parse(JSON.parse(stdout)), run: '' }).toMatchObject(then);
  expect(code).toBe(then.outcome.exitCode);
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { Cli } from '../cli/cli.ts';
import { faultsOf } from './workflow-faults.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FOLDER = join(ROOT, '.github/workflows');

it.each(readdirSync(FOLDER))('the workflow %s is what GitHub can run', async (name) => {
  const path = join(FOLDER, name);
  expect(await faultsOf(readFileSync(path, 'utf8'), path)).toEqual([]);
});

it('what GitHub can’t run is found', async () => {
  const text = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - ran: true\n';
  expect(await faultsOf(text, 'w.yaml')).not.toEqual([]);
});

it('the action passes each of its inputs as a variable, never as a part of a script', () => {
  const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as {
    inputs: object;
    runs: { steps: { run?: string; env?: Record<string, string> }[] };
  };
  const { steps } = action.runs;
  for (const { run = '' } of steps) expect(run).not.toContain('${{');
  const passed = JSON.stringify(action.runs);
  for (const name of Object.keys(action.inputs)) expect(passed).toContain(`\${{ inputs.${name} }}`);
});

it('the suite that CI runs is valid', async () => {
  using tablefull = new Cli();
  const suite = join(ROOT, 'test/fixtures/ci/tablefull.yaml');
  expect(await tablefull.run('validate', suite)).toMatchObject({ code: 0, stderr: '' });
});

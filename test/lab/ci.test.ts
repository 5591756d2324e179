import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { suiteSchema } from '../../src/schema/suite.ts';
import { scratch } from './command.ts';
import { runSteps, type Step } from './steps.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('the action', () => {
  const { inputs, runs } = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as {
    inputs: Record<string, { default?: string }>;
    runs: { steps: Step[] };
  };
  // The tests' own set-up is done, and must not be done again beneath them.
  const steps = runs.steps.filter(({ name }) => name !== 'Set up tablefull');
  const defaults = Object.fromEntries(
    Object.entries(inputs).map(([name, { default: value = '' }]) => [name, value]),
  );

  it('runs the suite of this repository’s CI, and uploads its results', async () => {
    using folder = scratch();
    const done = await runSteps({
      steps,
      workspace: ROOT,
      temp: folder.path,
      inputs: { ...defaults, suite: 'test/fixtures/ci/tablefull.yaml' },
      env: { GITHUB_ACTION_PATH: ROOT },
    });
    expect(done.log).toContain('PASSED test/fixtures/ci/tablefull.yaml');
    expect(done.outputs['run.exit-code']).toBe('0');
    const [uploaded = ''] = done.uploaded;
    expect(suiteSchema.parse(JSON.parse(readFileSync(join(uploaded, 'suite.json'), 'utf8')))).toMatchObject({
      runs: [{ name: 'boom' }, { name: 'boom (control)' }],
    });
  });

  it('runs one scenario with a remedy and the status that it must have', async () => {
    using folder = scratch();
    const one = { scenario: 'boom', remedy: 'be-liberal', expect: 'be-liberal=no-effect' };
    const done = await runSteps({
      steps,
      workspace: ROOT,
      temp: folder.path,
      inputs: { ...defaults, ...one },
      env: { GITHUB_ACTION_PATH: ROOT },
    });
    expect(done.log).toContain('::error title=boom::be-liberal cured, expected no-effect: ');
    expect([done.ok, done.outputs['run.exit-code']]).toEqual([false, '1']);
  });
});

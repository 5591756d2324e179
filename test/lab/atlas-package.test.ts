import { join } from 'node:path';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { conclusive, judged, scratch } from './command.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SCENARIO = `
import { defineScenario, squeeze } from 'tablefull';
export default defineScenario({
  name: 'mine',
  summary: 'a scenario of my own',
  params: {},
  protocol: () => ({
    topology: {
      nodes: ['worker-1', 'worker-2'],
      pods: { app: { replicas: 5, nodes: ['worker-1'] }, server: { replicas: 1, nodes: ['worker-2'] } },
      services: { web: { pods: 'server', port: 80, app: 'http' } },
    },
    node: 'worker-1',
    demand: { kind: 'simple-app', pods: 'app', service: 'web', stages: [{ pods: 5, seconds: 0.5 }], requests: 200, connectTimeout: 0.5 },
    fault: squeeze.on({ node: 'worker-1', free: 100 }),
    symptom: { expected: 'reproduced', when: ['requests.failed.rate > 0.2', 'drop.delta > 0'], loss: 'requests.failed.rate' },
    show: ['requests.answered', 'drop.delta'],
    remedies: { placebo: 'no-effect' },
  }),
});
`;
const OURS = `
import { defineScenario } from 'tablefull';
import saturate from 'tablefull/scenarios/saturate.js';
export default defineScenario({ ...saturate, name: 'ours' });
`;

it('the packed package, installed elsewhere, runs the user’s own scenario', async () => {
  using folder = scratch();
  const npm = (args: readonly string[], cwd: string) =>
    execa('npm', [...args, '--silent', '--no-fund', '--no-audit'], { cwd });
  const { stdout } = await npm(['pack', '--pack-destination', folder.path], ROOT);
  const tarball = join(folder.path, stdout.trim().split('\n').at(-1) ?? '');
  writeFileSync(
    join(folder.path, 'package.json'),
    JSON.stringify({
      name: 'elsewhere',
      private: true,
      type: 'module',
      allowScripts: { koffi: true },
    }),
  );
  await npm(['install', '--prefer-offline', tarball], folder.path);
  writeFileSync(join(folder.path, 'mine.ts'), SCENARIO);
  const tablefull = (args: readonly string[]) =>
    execa(join(folder.path, 'node_modules/.bin/tablefull'), args, { cwd: folder.path, reject: false });

  expect(JSON.parse((await tablefull(['list', '--json'])).stdout)).toHaveProperty(
    'scenarios.0.name',
    'saturate',
  );
  expect((await tablefull(['explain', 'raise-max'])).stdout).toMatch(
    /node_modules\/tablefull\/manifests\/remedies\/raise-max\.yaml/,
  );
  expect((await tablefull(['validate', 'mine.ts'])).exitCode).toBe(0);
  writeFileSync(join(folder.path, 'ours.ts'), OURS);
  expect((await tablefull(['validate', 'ours.ts'])).exitCode).toBe(0);
  expect((await tablefull(['init', 'own.yaml'])).exitCode).toBe(0);
  expect((await tablefull(['validate', 'own.yaml'])).exitCode).toBe(0);
  expect(readFileSync(join(folder.path, 'own.yaml'), 'utf8')).toContain(
    '$schema=./node_modules/tablefull/schemas/scenario.schema.json\n',
  );
  // Node 24 is not installed a second time where there is one.
  expect(existsSync(join(folder.path, 'node_modules/node'))).toBe(false);
  const { code, verdict } = await conclusive(async () => {
    const { exitCode, stdout, stderr } = await tablefull(['run', './mine.ts', '--json', '--quiet']);
    return judged(exitCode, stdout, stderr);
  });
  expect(verdict).toMatchObject({ scenario: 'mine', symptom: { status: 'reproduced' }, asExpected: true });
  expect(code).toBe(0);
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { REMEDIES } from '../../../src/remedy/index.ts';
import { problemsOf } from '../../../src/scenario/check.ts';
import { scenarioFromYaml } from '../../../src/scenario/yaml-scenario.ts';
import { LABS } from '../../../src/lab/index.ts';
import { Cli } from '../cli/cli.ts';

const HOW_TO = readFileSync(
  join(import.meta.dirname, '../../../docs/how-to/write-your-own-scenario.md'),
  'utf8',
);
const examples = HOW_TO.split('```yaml\n')
  .slice(1)
  .map((part) => part.split('```')[0] ?? '')
  .map((text) => [/^# (\S+)/.exec(text)?.[1] ?? '', text] as const);

it.each(examples)('%s of the how-to is sound', (name, text) => {
  const { scenario } = scenarioFromYaml(text, name);
  const environment = { kernel: [6, 18], squeeze: 'ballast', privileged: false } as const;
  const known = REMEDIES.map((remedy) => remedy.name);
  expect(problemsOf(scenario, [environment], known)).toEqual([]);
});

it('a dry run shows a command, its check before and after, and its undo', async () => {
  using tablefull = new Cli();
  const file = join(tablefull.folder, 'mine.yaml');
  writeFileSync(file, examples.find(([name]) => name === 'resets.yaml')?.[1] ?? '');
  const { stdout } = await tablefull.run('run', file, '--dry-run', '--remedy', 'by-command');
  const commands = stdout.split('\n').filter((line) => /^\[worker-1\] nft '?(list|delete|add)/.test(line));
  expect(commands.map((line) => line.replace(/^\[worker-1\] nft '?(\w+).*/, '$1'))).toEqual([
    'list',
    'add',
    'list',
    'delete',
    'list',
  ]);
});

const README = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
const runs = [...README.matchAll(/^npm run (?:--silent )?scenario (?:-- )?([^#\n]*)/gm)].map(
  ([, words = '']) => words.replace(/ -- /, ' ').trim(),
);

it('README has runs to try', () => {
  expect(runs.length).toBeGreaterThan(9);
});

it.each(runs)('README: `run %s` is a command that works', async (words) => {
  using tablefull = new Cli({ labs: LABS });
  const { code, stderr } = await tablefull.run('run', ...words.split(/ +/), '--dry-run');
  expect([code, stderr]).toEqual([0, '']);
});

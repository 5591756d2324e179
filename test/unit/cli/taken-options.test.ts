import { describe, expect, it, test } from 'vitest';
import { ownOptions } from '../../../src/cli/options/run-options.ts';
import { withoutNpm } from '../../../src/cli/npm/taken-options.ts';
import { Cli } from './cli.ts';

/** What npm 11 sets whatever was typed. */
const NPM = {
  npm_command: 'run',
  npm_config_yes: '',
  npm_config_noproxy: '',
  npm_config_prefix: '/usr',
  npm_config_fund: '',
};
const SCENARIO = {
  ...NPM,
  npm_lifecycle_event: 'scenario',
  npm_lifecycle_script: 'node src/cli/main.ts run',
};
const TABLEFULL = { ...NPM, npm_lifecycle_event: 'tablefull', npm_lifecycle_script: 'node src/cli/main.ts' };

describe('options that npm took for its own are shown in the line to type instead', () => {
  // As measured with npm 11: what it hands on, and what it leaves in the environment.
  test.each([
    [
      '--lab kind',
      SCENARIO,
      ['run', 'saturate', 'kind'],
      { npm_config_lab: 'true' },
      'npm run scenario saturate -- --lab kind',
    ],
    [
      '--lab=kind',
      SCENARIO,
      ['run', 'saturate'],
      { npm_config_lab: 'kind' },
      'npm run scenario saturate -- --lab kind',
    ],
    [
      '--json',
      SCENARIO,
      ['run', 'saturate'],
      { npm_config_json: 'true' },
      'npm run scenario saturate -- --json',
    ],
    [
      '--dry-run',
      SCENARIO,
      ['run', 'saturate'],
      { npm_config_dry_run: 'true' },
      'npm run scenario saturate -- --dry-run',
    ],
    [
      '--keep-lab --remedy raise-max',
      SCENARIO,
      ['run', 'saturate', 'raise-max'],
      { npm_config_keep_lab: 'true', npm_config_remedy: 'true' },
      'npm run scenario saturate -- --remedy raise-max --keep-lab',
    ],
    [
      'two whose values can no longer be told apart',
      SCENARIO,
      ['run', 'saturate', '3', '2'],
      { npm_config_seed: 'true', npm_config_repeat: 'true' },
      'npm run scenario saturate -- --seed SEED --repeat REPEAT',
    ],
    [
      '--lab, of a verb that was typed',
      TABLEFULL,
      ['run', 'saturate', 'kind'],
      { npm_config_lab: 'true' },
      'npm run tablefull run saturate -- --lab kind',
    ],
    [
      '--json, of a verb that was typed',
      TABLEFULL,
      ['list'],
      { npm_config_json: 'true' },
      'npm run tablefull list -- --json',
    ],
    [
      '--lab, beside one after --',
      SCENARIO,
      ['run', 'saturate', '--json'],
      { npm_config_lab: 'netns' },
      'npm run scenario saturate --json -- --lab netns',
    ],
  ])('%s', (_, npm, argv, left, line) => {
    expect(withoutNpm(argv, { ...npm, ...left }, ownOptions())).toBe(line);
  });
});

test.each([
  ['npm ran us and nothing was taken', SCENARIO, ['run', 'saturate', '--lab', 'netns']],
  [
    'npm has a JSON setting of its own and -- was typed',
    { ...SCENARIO, npm_config_json: 'true' },
    ['run', 'saturate', '--seed', '3'],
  ],
  ['npm did not run us', { npm_config_lab: 'kind' }, ['run', 'saturate']],
  ['npx ran us', { ...SCENARIO, npm_command: 'exec', npm_config_json: 'true' }, ['run', 'saturate']],
  ['npm took our option’s negation', { ...SCENARIO, npm_config_control: '' }, ['run', 'saturate']],
])('nothing is amiss where %s', (_, env, argv) => {
  expect(withoutNpm(argv, env, ownOptions())).toBeUndefined();
});

it('the corrected command names the package’s folder where npm was called outside of it', () => {
  const outside = { INIT_CWD: '/home/me', npm_package_json: '/opt/tablefull/package.json' };
  const env = { ...SCENARIO, ...outside, npm_config_lab: 'true' };
  expect(withoutNpm(['run', 'saturate', 'kind'], env, ownOptions())).toBe(
    'npm --prefix /opt/tablefull run scenario saturate -- --lab kind',
  );
});

it('refuses with exit code 64 rather than run something else than was typed', async () => {
  using tablefull = new Cli({ env: { ...SCENARIO, npm_config_lab: 'true' } });
  expect(await tablefull.run('run', 'saturate', 'kind')).toEqual({
    code: 64,
    stdout: '',
    stderr: 'tablefull: npm consumed the options; run: npm run scenario saturate -- --lab kind\n',
  });
});

import { expect, it } from 'vitest';
import { callersFolder } from '../../../src/cli/npm/npm-script.ts';

const NPM = { npm_package_name: 'tablefull', npm_lifecycle_event: 'tablefull', INIT_CWD: '/home/me/repo' };

it('paths are relative to where npm was called, with each script that is a command', () => {
  for (const script of ['tablefull', 'scenario', 'matrix', 'claims'])
    expect(callersFolder({ ...NPM, npm_lifecycle_event: script })).toBe('/home/me/repo');
});

it('paths are relative to the working folder with any other script, or none', () => {
  expect(callersFolder({})).toBeUndefined();
  expect(callersFolder({ ...NPM, npm_lifecycle_event: 'test:lab' })).toBeUndefined();
  expect(callersFolder({ ...NPM, npm_package_name: 'theirs' })).toBeUndefined();
});

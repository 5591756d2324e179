import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../docs/workflow-faults.ts';
import { Cli } from './cli.ts';

describe('init --ci github', () => {
  it('writes a valid suite, and a workflow at the root of the repository that runs it', async () => {
    using tablefull = new Cli();
    mkdirSync(join(tablefull.folder, '.git'));
    mkdirSync(join(tablefull.folder, 'ci'));
    const suite = join(tablefull.folder, 'ci', 'tablefull.yaml');
    expect((await tablefull.run('init', suite, '--ci', 'github')).code).toBe(0);
    expect(await tablefull.run('validate', suite)).toMatchObject({ code: 0, stderr: '' });
    const workflow = join(tablefull.folder, '.github/workflows/tablefull.yaml');
    const text = readFileSync(workflow, 'utf8');
    expect(text).toContain('tablefull test ci/tablefull.yaml --retry-inconclusive 2');
    expect(text).toContain('tablefull@0.0.0');
    // Where npm does not have this version, the reader must know another way.
    expect(text).toContain('install ./tablefull-0.0.0.tgz instead');
    expect(await faultsOf(text, workflow)).toEqual([]);
  });

  it('writes nothing where one of the files exists', async () => {
    using tablefull = new Cli();
    const suite = join(tablefull.folder, 'tablefull.yaml');
    writeFileSync(suite, 'mine');
    const { code, stderr } = await tablefull.run('init', suite, '--ci', 'github');
    expect([code, stderr]).toEqual([64, `tablefull: ${suite} already exists; remove it first\n`]);
    expect(readFileSync(suite, 'utf8')).toBe('mine');
  });

  it('does not mix with --from', async () => {
    using tablefull = new Cli();
    expect((await tablefull.run('init', '--ci', 'github', '--from', 'saturate')).code).toBe(64);
  });

  it('writes neither file where one can’t be written', async () => {
    using tablefull = new Cli();
    mkdirSync(join(tablefull.folder, '.git'));
    writeFileSync(join(tablefull.folder, '.github'), 'a file');
    const suite = join(tablefull.folder, 'tablefull.yaml');
    const { code, stderr } = await tablefull.run('init', suite, '--ci', 'github');
    expect([code, existsSync(suite)]).toEqual([2, false]);
    expect(stderr).toMatch(/can't create the folder of .*tablefull\.yaml/);
  });
});

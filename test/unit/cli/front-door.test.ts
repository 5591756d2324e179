import { describe, expect, it, vi } from 'vitest';
import { SHELLS } from '../../../src/cli/shells.ts';
import { Cli, fakeLab } from './cli.ts';

it('shows every command, with the exit codes, on one screen of 80×24', async () => {
  using tablefull = new Cli();
  const { code, stdout, stderr } = await tablefull.run('--help');
  expect([code, stderr]).toEqual([0, '']);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(24);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  for (const command of ['run', 'list', 'doctor', 'validate', 'judge', 'restore', 'schema', 'completion'])
    expect(stdout).toMatch(new RegExp(`\\b${command}\\b`));
  expect(stdout).toContain('0 passed, 1 failed, 2 inconclusive or not run, 3 not restored');
});

describe('without a command', () => {
  it('says that this machine is ready, and what to type next', async () => {
    using tablefull = new Cli();
    const { code, stdout, stderr } = await tablefull.run();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('is ready. Next:\n  tablefull run saturate ');
  });

  it('names what is missing instead, and how to find out more', async () => {
    const checks = () =>
      Promise.resolve([{ name: 'nft', status: 'missing', found: 'not installed' } as const]);
    using tablefull = new Cli({ labs: [{ ...fakeLab(), checks }] });
    const { code, stdout } = await tablefull.run();
    expect(code).toBe(0);
    expect(stdout).toContain('nft: not installed');
    expect(stdout).toContain('tablefull doctor ');
    expect(stdout).not.toContain('run saturate');
  });

  it('writes commands the way npm needs them where npm started it', async () => {
    using tablefull = new Cli({ env: { npm_lifecycle_event: 'tablefull' } });
    expect((await tablefull.run()).stdout).toContain('  npm run tablefull -- run saturate ');
  });
});

describe('completion', () => {
  it.each(SHELLS)('prints a script for %s that asks this program', async (shell) => {
    using tablefull = new Cli();
    const printed = await logged(() => tablefull.run('completion', shell));
    expect(printed).toContain('tablefull complete --');
  });

  it.each([
    [['ru'], 'run'],
    [['run', 'satu'], 'saturate'],
    [['run', 'saturate', '--remedy', 'be-l'], 'be-liberal'],
    [['run', 'saturate', '--lab', 'n'], 'netns'],
    [['explain', 'keepa'], 'keepalive'],
  ])('of %j offers %s', async (words, offered) => {
    using tablefull = new Cli();
    const printed = await logged(() => tablefull.run('complete', '--', ...words));
    expect(printed.split('\n').map((line) => line.split('\t')[0])).toContain(offered);
  });
});

/** What the completion library prints: it knows the console only. */
async function logged(work: () => Promise<unknown>): Promise<string> {
  const lines: string[] = [];
  using _ = vi.spyOn(console, 'log').mockImplementation((line: string) => {
    lines.push(line);
  });
  await work();
  return lines.join('\n');
}

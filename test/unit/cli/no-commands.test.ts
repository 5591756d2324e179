import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Cli } from './cli.ts';

const COMMAND =
  '{ kind: command, node: all, run: [nft, add table ip t], undo: [nft, delete table ip t], check: [nft, list tables] }';
const SCENARIO = `name: mine
extends: boom
ownRemedies:
  by-command:
    summary: ours
    expected: no-effect
    changes: [${COMMAND}]
`;
/** A scenario whose reverse proxy, or whose kube-proxy, is this program. */
const proxied = (program: string): string =>
  `name: mine\nextends: proxy-churn\ntopology: { services: { proxy: { proxy: { program: ${program} } } } }\n`;
const configured = (program: string): string =>
  `name: mine\nextends: kube-proxy-revert\ndemand:\n  program: ${program}\n`;
const REMEDY = `summary: ours\nexpected: no-effect\nchanges:\n  - ${COMMAND}\n`;
const RULES = `summary: ours\nexpected: no-effect\nchanges:\n  - { kind: sysctl, node: all, name: net.ipv4.tcp_tw_reuse, value: 1 }\n`;

async function run(files: Readonly<Record<string, string>>, ...words: readonly string[]) {
  using tablefull = new Cli();
  const at = (name: string): string => join(tablefull.folder, name);
  for (const [name, text] of Object.entries(files)) writeFileSync(at(name), text);
  return await tablefull.run(...words.map((word) => word.replace('@', `${tablefull.folder}/`)));
}

describe('--no-commands', () => {
  it.each([
    [
      'a module, before it is loaded',
      { 'mine.ts': 'throw new Error("loaded")' },
      ['run', '@mine.ts'],
      'a module is a program',
    ],
    [
      'a program as the reverse proxy',
      { 'mine.yaml': proxied('/tmp/evil') },
      ['run', '@mine.yaml'],
      'topology.services.proxy.proxy.program: it runs the program /tmp/evil',
    ],
    [
      'a program as kube-proxy, in validate',
      { 'mine.yaml': configured('/tmp/evil') },
      ['validate', '@mine.yaml'],
      'mine.yaml:3:1: demand: it runs the program /tmp/evil',
    ],
    [
      'a program as kube-proxy, in a suite',
      {
        'mine.yaml': configured('/tmp/evil'),
        's.yaml': 'version: 1\nruns: [{ scenario: ./mine.yaml, control: true }]\n',
      },
      ['test', '@s.yaml'],
      'demand: it runs the program /tmp/evil',
    ],
    ['a change that runs programs', { 'mine.yaml': SCENARIO }, ['run', '@mine.yaml'], 'mine.yaml:7:15'],
    [
      'a remedy file with one',
      { 'ours.yaml': REMEDY },
      ['run', 'boom', '--remedy', '@ours.yaml'],
      'the remedy ours: it runs the programs nft',
    ],
    [
      'the same in validate',
      { 'mine.yaml': SCENARIO },
      ['validate', '@mine.yaml'],
      'it runs the programs nft add table ip t',
    ],
    [
      'a remedy of a suite that runs programs',
      {
        'ours.yaml': REMEDY,
        's.yaml': 'version: 1\nruns: [{ scenario: boom, remedies: { ./ours.yaml: cured } }]\n',
      },
      ['test', '@s.yaml'],
      's.yaml:2:38: "runs.0.remedies../ours.yaml": the remedy ours: it runs the programs nft',
    ],
    [
      'a scenario of a suite that brings one',
      { 'mine.yaml': SCENARIO, 's.yaml': 'version: 1\nruns: [{ scenario: ./mine.yaml, control: true }]\n' },
      ['test', '@s.yaml'],
      'mine.yaml:7:15',
    ],
    [
      'a module of a suite, before it is loaded',
      {
        'mine.ts': 'throw new Error("loaded")',
        's.yaml': 'version: 1\nruns: [{ scenario: ./mine.ts }]\n',
      },
      ['test', '@s.yaml'],
      'a module is a program',
    ],
    [
      'the same in validate of a suite',
      { 'mine.ts': 'throw new Error("loaded")', 's.yaml': 'version: 1\nruns: [{ scenario: ./mine.ts }]\n' },
      ['validate', '@s.yaml'],
      'a module is a program',
    ],
    [
      'a remedy of a matrix that runs programs',
      { 'ours.yaml': REMEDY },
      ['matrix', '--only', 'boom', '--remedy', '@ours.yaml'],
      'the remedy ours: it runs the programs nft',
    ],
    [
      'a module in validate',
      { 'mine.ts': 'throw new Error("loaded")' },
      ['validate', '@mine.ts'],
      'a module is a program',
    ],
  ])('refuses in one line: %s', async (_, files, words, why) => {
    const { code, stderr } = await run(files, ...words, '--no-commands');
    expect(code).toBe(64);
    expect(stderr).toContain(why);
    expect(stderr).toContain('refused by --no-commands');
    expect(stderr).not.toContain('loaded');
  });

  it('lets data pass: sysctls and rules', async () => {
    const { code } = await run(
      { 'ours.yaml': RULES },
      'run',
      'boom',
      '--remedy',
      '@ours.yaml',
      '--no-commands',
      '--dry-run',
    );
    expect(code).toBe(0);
  });

  it.each([
    ['nginx', proxied('nginx')],
    ['kube-proxy', configured('kube-proxy')],
  ])('lets the %s of this machine pass', async (_, text) => {
    const { code, stderr } = await run({ 'mine.yaml': text }, 'validate', '@mine.yaml', '--no-commands');
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('lets what comes with tablefull pass', async () => {
    const { code, stderr } = await run({}, 'run', 'saturate-k6', '--no-commands', '--dry-run');
    expect(stderr).not.toContain('refused');
    expect(code).toBe(0);
  });
});

describe('a dry run', () => {
  it('names the programs that a file brings before anything else', async () => {
    const { stdout } = await run({ 'mine.yaml': SCENARIO }, 'run', '@mine.yaml', '--dry-run');
    expect(stdout.split('\n')[0]).toMatch(
      /^# \S+mine\.yaml:7:15: .*it runs the programs nft add table ip t; /,
    );
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verdictSchema } from '../../src/schema/verdict.ts';
import { scratch, start } from './command.ts';

const HOW_TO = join(import.meta.dirname, '../../docs/how-to/write-your-own-scenario.md');

/** An example of the how-to whose first line is `# NAME`. */
function example(name: string): string {
  const text = readFileSync(HOW_TO, 'utf8')
    .split('```yaml\n')
    .find((part) => part.startsWith(`# ${name}\n`));
  if (text === undefined) throw new Error(`${HOW_TO} has no ${name}`);
  return text.split('```')[0] ?? '';
}

/** Runs a scenario's text as nobody. */
async function run(text: string, ...options: readonly string[]) {
  using folder = scratch();
  writeFileSync(join(folder.path, 'mine.yaml'), text);
  return await runIn(folder.path, './mine.yaml', ...options);
}

async function runIn(folder: string, file: string, ...options: readonly string[]) {
  const args = ['run', file, '--json', '--quiet', ...options];
  const { exitCode, stdout, stderr } = await start(args, 'nobody', folder).process;
  if (stdout === '') throw new Error(stderr);
  return { code: exitCode, verdict: verdictSchema.parse(JSON.parse(stdout)) };
}

type Verdict = Awaited<ReturnType<typeof run>>['verdict'];

function statuses({ remedies }: Verdict): Record<string, string> {
  return Object.fromEntries(remedies.map(({ name, status }) => [name, status]));
}

describe('what init writes', () => {
  it.each(['mine.yaml', 'mine.ts'])('a scenario that init writes runs: %s', async (file) => {
    using folder = scratch();
    const { exitCode } = await start(['init', file], 'nobody', folder.path).process;
    expect(exitCode).toBe(0);
    const { code, verdict } = await runIn(folder.path, `./${file}`);
    expect([code, verdict.symptom.status]).toEqual([0, 'reproduced']);
    expect(statuses(verdict)).toEqual({
      keepalive: 'cured',
      placebo: 'no-effect',
      'short-time-wait': 'no-effect',
    });
    expect(verdict.expectations?.map(({ status }) => status)).toEqual(['met', 'met', 'met']);
  });
});

describe('remedies of one’s own', () => {
  it('own remedies cure by a sysctl, a rule and a command, or do not, as the how-to says', async () => {
    const { code, verdict } = await run(example('resets.yaml'));
    expect(statuses(verdict)).toEqual({
      placebo: 'no-effect',
      'by-sysctl': 'cured',
      'by-nft': 'cured',
      'by-command': 'cured',
      'counted-only': 'no-effect',
    });
    expect(verdict.expectations?.map(({ status }) => status)).toEqual(['met', 'met']);
    expect([code, verdict.restore.status]).toEqual([0, 'complete']);
  });

  it('own remedies cure by resolver options, as the how-to says', async () => {
    const { code, verdict } = await run(example('lookups.yaml'));
    expect(statuses(verdict)).toEqual({ placebo: 'no-effect', 'fewer-dots': 'cured' });
    expect(verdict.symptom.figures).toHaveProperty('lookups.p(99)');
    expect(code).toBe(0);
  });

  const withCommand = (from: string, to: string): string => {
    const text = example('resets.yaml');
    if (!text.includes(from)) throw new Error(`resets.yaml has no ${from}`);
    return text.replace(from, to);
  };

  it('an own remedy is loudly not restored if check prints something else after the undo', async () => {
    const text = withCommand('undo: [nft, delete table ip mine]', 'undo: [nft, list, tables]');
    const { code, verdict } = await run(text, '--remedy', 'by-command');
    expect(verdict.remedies[0]).toMatchObject({ status: 'inconclusive' });
    expect(verdict.remedies[0]?.reason).toMatch(/^not restored: was .*, now .*table ip mine/s);
    expect(verdict.restore).toMatchObject({
      status: 'incomplete',
      left: [expect.stringContaining('by-command: not restored')],
    });
    expect(code).toBe(3);
  });

  it('an own remedy whose command exits with another code than 0 has failed, and its change is undone', async () => {
    const text = withCommand('add table ip mine; add', 'add');
    const { code, verdict } = await run(text, '--remedy', 'by-command');
    expect(verdict.remedies[0]).toMatchObject({
      status: 'inconclusive',
      reason: expect.stringMatching(/^worker-1: nft add chain .*: ended with 1: /) as string,
    });
    expect([code, verdict.restore.status]).toEqual([2, 'complete']);
  });

  it('an own remedy has failed if its program does not exist, or does not end', async () => {
    const nothing = await run(
      withCommand('check: [nft, list, tables]', 'check: [no-such-program]'),
      '--remedy',
      'by-command',
    );
    expect(nothing.verdict.remedies[0]?.reason).toContain('no-such-program');
    expect([nothing.code, nothing.verdict.restore.status]).toEqual([2, 'complete']);
    const slow = await run(
      withCommand('check: [nft, list, tables]', "check: [sleep, '99']"),
      '--remedy',
      'by-command',
    );
    expect(slow.verdict.remedies[0]?.reason).toBe('worker-1: sleep 99: did not end within 10 s');
    expect(slow.code).toBe(2);
  });
});

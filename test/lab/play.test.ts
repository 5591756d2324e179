import { randomUUID } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { MAIN, scratch } from './command.ts';
import { conclusivePlay, refuseTooBusy, tablefull, Talk, until } from './standing.ts';

const hasTmux = spawnSync('tmux', ['-V']).status === 0;

/** The results of offers, by number. */
function resultsIn(text: string): readonly string[] {
  return text
    .replaceAll(/\n {3}/g, ' ')
    .split('\n')
    .filter((line) => /^#\d/.test(line));
}

async function playLines(): Promise<void> {
  using folder = scratch();
  const played = tablefull(folder.path, ['lab', 'play', 'boom', '--seed', '7']);
  const lines = ['r', 'placebo', 'f', 'r', 'placebo', 'be-liberal', 'r', 'f', 'r', 'nonsense', 'q'];
  played.stdin.end(lines.map((line) => `${line}\n`).join(''));
  const { exitCode, stdout, stderr } = await played;
  expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining('Error')]);
  refuseTooBusy(stdout);
  const [plain = '', placebo = '', live = '', fresh = ''] = resultsIn(stdout);
  expect(plain).toMatch(/^#1 no remedy, on a fresh table: .* reproduced/);
  expect(placebo).toMatch(/^#2 placebo, on a fresh table: .* no-effect/);
  expect(live).toMatch(/^#3 be-liberal, on the table as it was: /);
  expect(fresh).toMatch(/^#4 be-liberal, on a fresh table: ([\d,]+) of \1 .* cured/);
  expect(stdout).toContain('"nonsense" is not a command: r offers the demand');
}

async function playKeys(): Promise<void> {
  using folder = scratch();
  const socket = `tablefull-${randomUUID()}`;
  const tmux = async (...words: readonly string[]): Promise<string> =>
    (
      await execa('tmux', ['-L', socket, '-f', '/dev/null', ...words], {
        env: { XDG_STATE_HOME: folder.path },
      })
    ).stdout;
  const screen = (): Promise<string> => tmux('capture-pane', '-p', '-t', 'it');
  const press = (key: string): Promise<string> => tmux('send-keys', '-t', 'it', key);
  const play = [process.execPath, MAIN, 'lab', 'play', 'saturate', '--remedy', 'be-liberal,keepalive'];
  const script = `${play.join(' ')}; echo exit $?; sleep 60`;
  await tmux('new-session', '-d', '-s', 'it', '-x', '80', '-y', '24', '-c', folder.path, script);
  try {
    await until(/r offers the demand/, screen);
    await press('r');
    await until(/#1 no remedy.*[^]*drop \+\d[\d,]*/, screen);
    await press('1');
    await until(/● be-liberal/, screen);
    await press('f');
    await until(/filled again: r/, screen);
    await press('r');
    await until(/#2 be-liberal[^]*drop \+\d[\d,]*[^]*no-effect/, screen);
    await press('1');
    await until(/be-liberal is undone/, screen);
    await press('2');
    await until(/● keepalive/, screen);
    await press('f');
    await until(/filled again: r/, screen);
    await press('r');
    await until(/#3 keepalive[^]*no counter moved[^]*cured/, screen);
    await until(/^saturate: new.*\n.*entries, drop.*\n(?:(?!entries, drop)[^])*q quit/, screen);
    // A shell in between: Ctrl-C ends a command in it, not the lab.
    await press('s');
    await until(/worker-1# $/m, async () => `${(await screen()).trimEnd()} `);
    await tmux('send-keys', '-t', 'it', 'sleep 600', 'Enter');
    await press('C-c');
    await tmux('send-keys', '-t', 'it', 'conntrack -C; exit', 'Enter');
    await until(/the shell is closed/, screen);
    await press('q');
    await until(/exit 0/, screen);
  } finally {
    await tmux('kill-server');
  }
}

describe('lab play', () => {
  it('line mode: a placebo does nothing for resets, be-liberal on a fresh table cures them', async () => {
    await conclusivePlay(playLines);
  });

  it('a shell from another terminal is in the node, and ends with the lab', async () => {
    using folder = scratch();
    const played = tablefull(folder.path, ['lab', 'play', 'boom']);
    await new Talk(played).hear(/r offers the demand/);
    const shell = (...words: readonly string[]) => tablefull(folder.path, ['shell', ...words]);
    const listed = await shell(
      'worker-1',
      '--',
      'sh',
      '-c',
      'ip -brief address; cat /proc/sys/net/ipv4/ip_forward; nft list tables',
    );
    expect([listed.exitCode, listed.stdout]).toEqual([
      0,
      expect.stringMatching(/lo .*\n(.*\n)*1\n(.*\n)*table ip tablefull/),
    ]);
    expect((await shell('worker-1', 'false')).exitCode).toBe(1);
    const piped = tablefull(folder.path, ['shell', 'worker-2']);
    piped.stdin.end('readlink /proc/self/ns/net\n');
    expect((await piped).stdout).toMatch(/net:\[\d+\]/);
    const unknown = await shell('worker-9', 'true');
    expect([unknown.exitCode, unknown.stderr]).toEqual([
      64,
      expect.stringContaining('unknown node or pod worker-9; '),
    ]);
    const inside = tablefull(folder.path, ['shell', 'worker-1', 'sh', '-c', 'echo inside; sleep 600']);
    let heard = '';
    inside.stdout.on('data', (text: Buffer) => (heard += text.toString()));
    await until(/inside/, () => heard);
    played.stdin.end('q\n');
    expect((await played).exitCode).toBe(0);
    const ended = await inside;
    expect([ended.exitCode, ended.stderr]).toEqual([2, 'the lab has ended']);
    const none = await shell('worker-1', 'true');
    expect([none.exitCode, none.stderr]).toEqual([64, expect.stringContaining('no lab runs')]);
  });

  it.skipIf(!hasTmux)(
    `80 × 24: the keys do what the lines do${hasTmux ? '' : ' (skipped: tmux is not installed)'}`,
    async () => {
      await conclusivePlay(playKeys);
    },
  );
});

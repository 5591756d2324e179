import { randomUUID } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { MAIN, processesOf, scratch } from './command.ts';
import { Talk, tablefull, until } from './standing.ts';

const hasTmux = spawnSync('tmux', ['-V']).status === 0;

it.skipIf(!hasTmux).each([
  ['lab play', 'exec', ['lab', 'play', 'boom', '--remedy', 'none']],
  ['workshop, deaf to the hang-up,', "trap '' HUP; exec", ['workshop', 'reset-by-peer']],
])(
  `%s ends with its terminal and leaves no process${hasTmux ? '' : ' (skipped: tmux is not installed)'}`,
  async (_, begin, args) => {
    using folder = scratch();
    const marker = randomUUID();
    const env = { XDG_STATE_HOME: folder.path, TABLEFULL_TEST_RUN: marker };
    const tmux = async (...words: readonly string[]): Promise<string> =>
      (await execa('tmux', ['-L', marker, '-f', '/dev/null', ...words], { env })).stdout;
    const command = [begin, process.execPath, MAIN, ...args].join(' ');
    await tmux('new-session', '-d', '-s', 'it', '-x', '80', '-y', '24', '-c', folder.path, command);
    try {
      await until(/q quit/, () => tmux('capture-pane', '-p', '-t', 'it'));
      // The lab and its command.
      expect(processesOf(marker).length).toBeGreaterThan(1);
    } finally {
      await tmux('kill-server');
    }
    await until(/^0$/, () => String(processesOf(marker).length), 30_000);
  },
);

it('lab play ends with its standard input', async () => {
  using folder = scratch();
  const played = tablefull(folder.path, ['lab', 'play', 'boom', '--remedy', 'none']);
  await new Talk(played).hear(/r offers the demand/);
  played.stdin.destroy();
  expect((await played).exitCode).toBe(0);
});

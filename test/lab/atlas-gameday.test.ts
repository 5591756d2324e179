import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { MAIN, scratch } from './command.ts';

const PLAYER = fileURLToPath(new URL('fixtures/gameday-player.ts', import.meta.url));

it('a program can play a game day', async () => {
  using folder = scratch();
  // Seed 14 is a failure that the player knows.
  const words = [PLAYER, process.execPath, MAIN, 'gameday', '--json', '--seed', '14'];
  const { stdout, exitCode } = await execa(process.execPath, words, {
    ...{ cwd: folder.path, reject: false },
    env: { XDG_STATE_HOME: folder.path, NO_COLOR: '1' },
  });
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/cured: true/)]);
});

import { expect, it } from 'vitest';
import type { KeptLabs } from '../../../src/lab/kept.ts';
import { Cli, fakeLab } from './cli.ts';

/** Kept labs with one called mine, which leaves this. */
const keptLabs = (left: readonly string[]): KeptLabs => ({
  up: () => Promise.reject(new Error('not here')),
  list: () => Promise.resolve([]),
  down: (name) => Promise.resolve(name === 'mine' ? left : undefined),
  deleteOrphans: () => Promise.resolve({ status: 'complete', restored: [], left: [] }),
});

it.each([
  [[], 0, 'mine is deleted\n'],
  [['a is 1', 'b is 2'], 3, 'mine is deleted\nNOT RESTORED mine: a is 1\nNOT RESTORED mine: b is 2\n'],
])('`lab down` names everything that was not restored: %j', async (left, code, stderr) => {
  using tablefull = new Cli({ labs: [{ ...fakeLab(), kept: keptLabs(left) }] });
  expect(await tablefull.run('lab', 'down', 'mine')).toMatchObject({ code, stderr });
  expect(await tablefull.run('lab', 'down', 'theirs')).toMatchObject({ code: 64 });
});

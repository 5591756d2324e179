import { describe, expect, it } from 'vitest';
import { restoreReport } from '../../../src/guard/restore.ts';
import type { KeptLabs } from '../../../src/lab/kept.ts';
import { Cli, fakeLab } from './cli.ts';

/** `lab down` of a lab called mine, whose deletion has this result. */
async function down(deleting: KeptLabs['down'], name = 'mine') {
  const kept: KeptLabs = {
    up: () => Promise.reject(new Error('not here')),
    list: () => Promise.resolve([]),
    down: (asked) => (asked === 'mine' ? deleting(asked) : Promise.resolve(undefined)),
    deleteOrphans: () => Promise.resolve(restoreReport([], [])),
  };
  using tablefull = new Cli({ labs: [{ ...fakeLab(), kept }] });
  return await tablefull.run('lab', 'down', name);
}

describe('`lab down`', () => {
  it.each<[string[], string[], number, string]>([
    [['mine is deleted'], [], 0, 'mine is deleted\n'],
    [
      ['mine is deleted'],
      ['a is 1', 'b is 2'],
      3,
      'mine is deleted\nNOT RESTORED mine: a is 1\nNOT RESTORED mine: b is 2\n',
    ],
    [[], ['it was not deleted: why'], 3, 'NOT RESTORED mine: it was not deleted: why\n'],
  ])(
    'names what is deleted, %j, and everything that is not restored: %j',
    async (done, left, code, stderr) => {
      expect(await down(() => Promise.resolve(restoreReport(done, left)))).toMatchObject({ code, stderr });
    },
  );

  it('ends with one line and 2 where a run uses the lab', async () => {
    const ended = await down(() => Promise.reject(new Error('in use by process 7')));
    expect(ended).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^[^\n]*in use by process 7\n$/) as string,
    });
  });

  it('refuses a lab that is not there', async () => {
    expect(await down(() => Promise.resolve(undefined), 'theirs')).toMatchObject({ code: 64 });
  });
});

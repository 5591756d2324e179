import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../../scenarios/index.ts';
import { Cli, fakeLab, TOY } from './cli.ts';

/** A command line in a fake lab, whose deeds are kept. */
async function attempt(words: (folder: string) => readonly string[], before?: (folder: string) => void) {
  const deeds: string[] = [];
  const asked: string[] = [];
  const lab = fakeLab(undefined, deeds);
  const preflight = () => {
    asked.push('preflight');
    return lab.preflight('ballast');
  };
  using tablefull = new Cli({ labs: [{ ...lab, preflight }], scenarios: [TOY] });
  before?.(tablefull.folder);
  const result = await tablefull.run(...words(tablefull.folder));
  const without = (text: string): string => text.replaceAll(`${tablefull.folder}/`, '');
  return {
    ...result,
    stderr: without(result.stderr),
    begun: [...asked, ...deeds],
    left: readdirSync(tablefull.folder),
  };
}

const SUITE = 'version: 1\nruns:\n  - scenario: toy\n';

describe('a folder that can’t be written', () => {
  it.each([
    ['run', (folder: string) => ['run', 'toy', '--out', join(folder, 'file/run')]],
    ['run --repeat', (folder: string) => ['run', 'toy', '--repeat', '3', '--out', join(folder, 'file/run')]],
    ['matrix', (folder: string) => ['matrix', '--out', join(folder, 'file/run')]],
    ['test', (folder: string) => ['test', join(folder, 's.yaml'), '--out', join(folder, 'file/run')]],
  ])('ends `%s` before its lab comes up, in one line with the fix and exit code 2', async (_, words) => {
    const { code, stderr, stdout, begun } = await attempt(words, (folder) => {
      writeFileSync(join(folder, 'file'), '');
      writeFileSync(join(folder, 's.yaml'), SUITE);
    });
    expect([code, stdout, begun]).toEqual([2, '', []]);
    expect(stderr).toBe(
      "tablefull: can't write to file/run: not a directory (ENOTDIR); give another folder with --out\n",
    );
  });

  it('is found out without a trace in one that can', async () => {
    const { code, left } = await attempt((folder) => ['run', 'toy', '--out', join(folder, 'a/b')]);
    expect([code, left]).toEqual([0, ['a']]);
  });

  it.each([
    ['lab play', ['lab', 'play', 'toy']],
    ['workshop', ['workshop', 'full-table']],
    ['gameday', ['gameday']],
  ])(
    'in which `%s` keeps what it must find again is told of before the lab, with the fix',
    async (_, words) => {
      const deeds: string[] = [];
      using tablefull = new Cli((cli) => ({
        labs: [{ ...fakeLab(undefined, deeds), name: 'netns' }],
        scenarios: [...SCENARIOS, TOY],
        env: { XDG_STATE_HOME: join(cli.folder, 'file') },
      }));
      writeFileSync(join(tablefull.folder, 'file'), '');
      const { code, stderr } = await tablefull.run(...words);
      expect([code, deeds]).toEqual([2, []]);
      expect(stderr).toBe(
        `tablefull: can't write to ${tablefull.folder}/file/tablefull: not a directory (ENOTDIR); name a folder of yours with XDG_STATE_HOME\n`,
      );
    },
  );
});

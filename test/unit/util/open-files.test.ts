import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { LEAST_OPEN_FILES, openFilesIn, tooFewOpenFiles } from '../../../src/util/open-files.ts';
import { filesNeeded } from '../../../src/lab/netns/outside/files-needed.ts';
import { PROTOCOL } from '../judge/history-builder.ts';

const ROOT = join(import.meta.dirname, '../../..');
const NODE = join(ROOT, 'node_modules/.bin/node');

/** tablefull where a process may have so many open files. */
function tablefull(limit: number, ...words: readonly string[]) {
  const command = ['-c', `ulimit -n ${String(limit)} && exec "$0" "$@"`, NODE];
  return execa('sh', [...command, join(ROOT, 'src/cli/main.ts'), ...words], { reject: false });
}

describe('a limit of open files that is too low', () => {
  // Node itself does not start below 22.
  it.each([22, 24, 32, 40, LEAST_OPEN_FILES - 1])('is named in one line, with the fix: %i', async (limit) => {
    for (const words of [['list'], ['run', 'saturate', '--remedy', 'none']]) {
      const { exitCode, stdout, stderr } = await tablefull(limit, ...words);
      expect([exitCode, stdout]).toEqual([2, '']);
      expect(stderr).toBe(
        `tablefull: the limit is ${String(limit)} open files, but ${String(LEAST_OPEN_FILES)} are needed: raise it, for instance with \`ulimit -n 4096\``,
      );
    }
  });

  it('is none from the least that works', async () => {
    expect(await tablefull(LEAST_OPEN_FILES, 'list', '--json')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('is told by what the kernel says of this process', () => {
    const limits = (soft: string) =>
      `Limit                     Soft Limit           Hard Limit           Units     \nMax open files            ${soft}                 4096                 files     \n`;
    expect(openFilesIn(limits('24'))).toBe(24);
    expect(openFilesIn(limits('unlimited'))).toBe(Infinity);
    expect(openFilesIn('')).toBeUndefined();
    expect(tooFewOpenFiles(1)).toBeUndefined();
    expect(tooFewOpenFiles(2 ** 40)).toMatch(/^the limit is \d+ open files, but 1099511627776 are needed: /);
  });

  it('is higher for a lab, which has a file for each of its nodes and pods', () => {
    const pods = { app: { replicas: 50, nodes: ['worker-1', 'worker-2'] } };
    expect(filesNeeded({ ...PROTOCOL, topology: { ...PROTOCOL.topology, pods } })).toBe(
      LEAST_OPEN_FILES + 2 + 100,
    );
  });
});

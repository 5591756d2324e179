import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch, start } from './command.ts';

/** Words before a command that has a tiny disk, in a mount namespace of its own, at a folder. */
const tinyDisk = (folder: string): readonly string[] => [
  ...['unshare', '--user', '--map-root-user', '--mount', '--', 'sh', '-c'],
  'mount -t tmpfs -o size=1m,mode=0777 tiny "$0" && exec "$@"',
  folder,
];

describe('a run that can’t be kept says so in one line, with exit code 2, and opens no lab', () => {
  it('on a full disk', async () => {
    using folder = scratch();
    const out = join(folder.path, 'tiny');
    mkdirSync(out);
    // Root of a user namespace, whoever runs the test.
    const { exitCode, stdout, stderr } = await start(
      ['run', 'saturate', '--out', join(out, 'run')],
      'root',
      folder.path,
      tinyDisk(out),
    ).process;
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      `tablefull: can't write to ${out}/run: no space left on device (ENOSPC); a run needs 8 MiB; give another folder with --out`,
    );
  });

  it('in a working folder of somebody else', async () => {
    using folder = scratch();
    chmodSync(folder.path, 0o555);
    const { exitCode, stderr } = await start(['run', 'saturate'], 'nobody', folder.path).process;
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      "tablefull: can't write to runs: permission denied (EACCES); give another folder with --out",
    );
    expect(readdirSync(folder.path)).toEqual([]);
  });
});

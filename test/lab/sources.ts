import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

/** Copies the repository's files, as they are now, into a folder: no packages, and nothing that git ignores. */
export function copySources(to: string): void {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  for (const file of files.split('\0').filter((each) => each !== '' && each !== 'node_modules'))
    cpSync(join(ROOT, file), join(to, file), { recursive: true });
}

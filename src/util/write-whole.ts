import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/** A whole file or none: a reader never sees half of it, and once this returns it survives the death of every process. */
export function writeWhole(path: string, text: string): void {
  const draft = draftOf(path);
  rmSync(draft, { force: true });
  const fd = openSync(draft, 'wx', 0o644);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(draft, path);
}

/** Where the file is written before it takes the place of the old one; one that is left there is half of a file. */
export const draftOf = (path: string): string => `${path}.new`;

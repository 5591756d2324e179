import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/** Writes a file atomically. Once this returns, it survives the death of every process. */
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

/** The draft that replaces the file; a leftover draft may be incomplete. */
export const draftOf = (path: string): string => `${path}.new`;

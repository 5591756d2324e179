import { closeSync, constants, fchownSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * A folder and those above it. Node's own `recursive` calls a read-only disk ENOENT, and never returns for a path in
 * /proc (Node 24). With sudo, what is made in the user's own folder is the user's: else their next run, without sudo,
 * could make none in `runs`.
 */
export function makeFolder(path: string, env: Readonly<NodeJS.ProcessEnv> = process.env): void {
  try {
    make(path, env);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(dirname(path), env);
    make(path, env);
  }
}

function make(path: string, { SUDO_UID, SUDO_GID }: Readonly<NodeJS.ProcessEnv>): void {
  mkdirSync(path);
  if (process.geteuid?.() !== 0 || SUDO_UID === undefined || SUDO_GID === undefined) return;
  if (String(statSync(dirname(path)).uid) !== SUDO_UID) return;
  // Of the folder itself, whatever stands at its place by now.
  const folder = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    fchownSync(folder, Number(SUDO_UID), Number(SUDO_GID));
  } finally {
    closeSync(folder);
  }
}

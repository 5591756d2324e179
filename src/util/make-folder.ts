import { closeSync, constants, fchownSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Creates a folder and its parents. Node's `recursive` reports a read-only disk as ENOENT, and hangs for
 * paths in /proc (Node 24). Under sudo, folders inside a user's folder belong to that user, so that later
 * runs without sudo can write to `runs`.
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
  // O_NOFOLLOW: the path may be replaced meanwhile.
  const folder = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    fchownSync(folder, Number(SUDO_UID), Number(SUDO_GID));
  } finally {
    closeSync(folder);
  }
}

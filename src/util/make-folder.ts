import { closeSync, constants, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { giveToCaller } from './sudo-owner.ts';

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

function make(path: string, env: Readonly<NodeJS.ProcessEnv>): void {
  mkdirSync(path);
  // O_NOFOLLOW: the path may be replaced meanwhile.
  const folder = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    giveToCaller(folder, path, env);
  } finally {
    closeSync(folder);
  }
}

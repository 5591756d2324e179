import { randomBytes } from 'node:crypto';
import { closeSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { occupied, RUNS } from '../../history/store.ts';
import { Unavailable } from '../../run/stops.ts';
import { makeFolder } from '../../util/make-folder.ts';
import { stateFolder } from '../../util/state-folder.ts';
import { explain } from '../../util/error-text.ts';
import { UsageError } from '../exit-codes.ts';

/** MiB. The files of a run with all remedies take about half of it. */
const ROOM = 8;
const CHUNK = Buffer.alloc(1 << 20);

/**
 * Checks, before a lab comes up, that a folder can take the files of a run.
 *
 * @param out as given with `--out`; undefined: a new folder in `runs`
 * @throws UsageError where it is not empty; Unavailable where it can’t be written
 */
export function checkFolder(out: string | undefined): void {
  const reason = out === undefined ? undefined : occupied(out);
  if (reason !== undefined) throw new UsageError(reason);
  checkWritable(out ?? RUNS);
}

/** @throws Unavailable in one line with the fix */
export function checkWritable(path: string): void {
  try {
    tryToWrite(path, ROOM);
  } catch (error) {
    throw cantWrite(path, error);
  }
}

/**
 * Checks, before a lab comes up, the folder by which a lab is found and in which progress is kept.
 *
 * @throws Unavailable in one line with the fix
 */
export function checkState(env: Readonly<NodeJS.ProcessEnv>): void {
  const path = stateFolder(env);
  try {
    tryToWrite(path, 1);
  } catch (error) {
    throw new Unavailable(
      `can't write to ${path}: ${explain(error)}; name a folder of yours with XDG_STATE_HOME`,
      { cause: error },
    );
  }
}

/** Writes so many MiB, and deletes them. */
function tryToWrite(path: string, room: number): void {
  const draft = join(existing(path), `.tablefull-${randomBytes(4).toString('hex')}.tmp`);
  const file = openSync(draft, 'wx');
  try {
    for (let written = 0; written < room; written++) writeSync(file, CHUNK);
  } finally {
    closeSync(file);
    rmSync(draft);
  }
}

/** Makes the folder that `--out` names, or a new one. @throws Unavailable in one line with the fix */
export function makeOutFolder(path: string): void {
  try {
    makeFolder(path);
  } catch (error) {
    throw cantWrite(path, error);
  }
}

function cantWrite(path: string, error: unknown): Unavailable {
  const full = (error as NodeJS.ErrnoException).code === 'ENOSPC' ? `; a run needs ${String(ROOM)} MiB` : '';
  return new Unavailable(`can't write to ${path}: ${explain(error)}${full}; give another folder with --out`, {
    cause: error,
  });
}

/** The folder, or the nearest one above it that exists. */
function existing(path: string): string {
  try {
    statSync(path);
    return path;
  } catch (error) {
    const above = dirname(path);
    // Whatever else is wrong, writing there says so.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && above !== path ? existing(above) : path;
  }
}

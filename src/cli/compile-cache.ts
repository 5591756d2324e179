import { lstatSync, mkdirSync, statSync, type Stats } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';

const OTHERS_MAY_WRITE = 0o022;

/**
 * Caches compiled code for later starts of this process and its children. Saves time only: without a safe
 * folder there is no cache.
 */
export function useCompileCache(env: NodeJS.ProcessEnv): void {
  // Node has applied it already.
  if (env.NODE_COMPILE_CACHE !== undefined) return;
  const folder = compileCacheFolder(env);
  if (folder === undefined) return;
  enableCompileCache(folder);
  env.NODE_COMPILE_CACHE = folder;
}

/**
 * The cache folder, created if missing: in the user's cache, else among the temporary files. Code in it is
 * executed. So the user must own it and nobody else may write to it: a home of another user (sudo may leave
 * one) is rejected.
 */
export function compileCacheFolder(env: Readonly<NodeJS.ProcessEnv>): string | undefined {
  const user = process.geteuid?.();
  if (user === undefined) return undefined;
  const { XDG_CACHE_HOME, HOME = '', TMPDIR = tmpdir() } = env;
  const [home, below] =
    XDG_CACHE_HOME === undefined
      ? [HOME, ['.cache', 'tablefull', 'compiled']]
      : [XDG_CACHE_HOME, ['tablefull', 'compiled']];
  const inHome = isAbsolute(home) && isOwn(look(home, statSync), user) ? made(home, below) : undefined;
  if (inHome !== undefined && isOwn(look(inHome, lstatSync), user)) return inHome;
  const temporary = made(TMPDIR, [`tablefull-compiled-${String(user)}`]);
  return temporary !== undefined && isOwn(look(temporary, lstatSync), user) ? temporary : undefined;
}

/** Creates nested folders in an existing one. @returns the innermost; undefined where one can't be created */
function made(parent: string, names: readonly string[]): string | undefined {
  let folder = parent;
  for (const name of names) {
    folder = join(folder, name);
    try {
      mkdirSync(folder, { mode: 0o700 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return undefined;
    }
  }
  return folder;
}

/** Whether only this user can write to it. @param found from stat; from lstat where it must not be a link */
function isOwn(found: Stats | undefined, user: number): boolean {
  return found?.isDirectory() === true && found.uid === user && (found.mode & OTHERS_MAY_WRITE) === 0;
}

function look(path: string, how: typeof statSync): Stats | undefined {
  try {
    return how(path);
  } catch {
    return undefined;
  }
}

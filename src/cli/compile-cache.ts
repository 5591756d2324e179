import { lstatSync, mkdirSync, statSync, type Stats } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';

const OTHERS_MAY_WRITE = 0o022;

/**
 * Has Node keep what it has compiled, and the types that it has stripped, for the next start of this process and of
 * those that it starts. It only saves time: where there is no folder that is safe to run code from, it is done without.
 */
export function useCompileCache(env: NodeJS.ProcessEnv): void {
  // Node has read it already.
  if (env.NODE_COMPILE_CACHE !== undefined) return;
  const folder = compileCacheFolder(env);
  if (folder === undefined) return;
  enableCompileCache(folder);
  env.NODE_COMPILE_CACHE = folder;
}

/**
 * The folder for it, made if need be: in the user's cache, or else one of the user's own among the temporary files.
 * What lies there is run. So it must be the user's own, and nobody else may be able to write to it: a home that is
 * another user's, as sudo may leave it, is not used, nor what somebody else has put among the temporary files.
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

/** Makes folders in one that is there, each in the one before. @returns the last; undefined where one can't be made */
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

/** Is it this user's folder, which nobody else can write to? @param found by stat, or lstat: no link will do then */
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

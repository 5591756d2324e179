import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, findProgram, isExecutable } from './programs.ts';

/** The version that `make k6` builds, as its Go module is tagged. */
export const K6_VERSION = '1.8.1';

type Env = Readonly<NodeJS.ProcessEnv>;

/**
 * The build folder of `make k6`, one per set of extensions, in the user's cache. An extension in a folder
 * counts by its contents: a code change makes another k6.
 *
 * @param modules Go modules as `go get` takes them, or folders
 */
export function k6Folder(env: Env, modules: readonly string[]): string {
  const cache = cacheFolder(env);
  const set = [...new Set(modules)].toSorted();
  if (set.length === 0) return join(cache, `k6-${K6_VERSION}`);
  const hash = createHash('sha256');
  for (const module of set) {
    for (const text of isFolder(module) ? sources(module) : [module]) hash.update(`${text}\0`);
  }
  return join(cache, `k6-${K6_VERSION}-${hash.digest('hex').slice(0, 12)}`);
}

/**
 * The path of k6: TABLEFULL_K6, or on PATH, or built by `make k6`. With extensions PATH is ignored: the
 * extensions of that k6 are unknown.
 */
export function findK6(env: Env, extensions: Readonly<Record<string, string>> = {}): string | undefined {
  const { TABLEFULL_K6: named, PATH = '' } = env;
  if (named !== undefined) return isExecutable(named) ? named : undefined;
  const modules = Object.values(extensions);
  const built = k6Folder(env, modules);
  if (modules.length === 0) return findProgram('k6', `${PATH}:${built}`);
  const program = join(built, 'k6');
  return isExecutable(program) ? program : undefined;
}

/** Whether it is a folder, not a Go module. */
export function isFolder(module: string): boolean {
  return /^(?:\.{0,2}\/|file:)/.test(module);
}

/** Names and contents of a folder's Go files; empty for a missing folder, which the build reports. */
function sources(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /(?:\.go|^go\.mod|^go\.sum)$/.test(name) && statSync(join(folder, name)).isFile())
      .toSorted()
      .flatMap((name) => [name, readFileSync(join(folder, name), 'utf8')]);
  } catch {
    return [];
  }
}

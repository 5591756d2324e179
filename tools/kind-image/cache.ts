import { createHash } from 'node:crypto';
import {
  existsSync,
  globSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../src/toolchain/programs.ts';

/** The folder of the node image in the user's cache. */
export const ROOT = join(cacheFolder(process.env), 'kind-image');

/**
 * A key that changes with any input: 16 hex digits of a hash.
 *
 * @param sources the texts of the scripts that make the result
 */
export function contentKey(inputs: unknown, sources: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of [JSON.stringify(inputs), process.arch, ...sources]) {
    // With its length, so that adjacent parts stay apart.
    hash.update(`${Buffer.byteLength(part)}\n`).update(part);
  }
  return hash.digest('hex').slice(0, 16);
}

/** The texts of files in a script's folder, for its content key. */
export function sources(folder: string, ...names: readonly string[]): readonly string[] {
  return names.map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** The folder of a step's result, whether or not it exists. */
export function resultFolder(name: string, key: string): string {
  return join(ROOT, `${name}-${key}`);
}

/**
 * Returns the folder with a step's result. If it does not exist, makes it and then renames it into place.
 * Deletes results of the same step under other keys.
 *
 * @param make writes the result into the given folder
 */
export async function result(
  name: string,
  key: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = resultFolder(name, key);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  await make(unfinished);
  renameSync(unfinished, folder);
  for (const other of otherResults(readdirSync(ROOT), name, key)) {
    rmSync(join(ROOT, other), { recursive: true, force: true });
  }
  return folder;
}

/** The results of this step under other keys, among the names in the cache. */
export function otherResults(names: readonly string[], name: string, key: string): readonly string[] {
  return names.filter((other) => {
    const suffix = other.startsWith(`${name}-`) ? other.slice(name.length + 1) : '';
    return /^[0-9a-f]{16}(\.new)?$/.test(suffix) && suffix !== key;
  });
}

/** The total size of the files in a folder, bytes. */
export function folderSize(folder: string): number {
  return globSync('**', { cwd: folder })
    .map((name) => lstatSync(join(folder, name), { throwIfNoEntry: false }))
    .reduce((sum, found) => sum + (found?.isFile() === true ? found.size : 0), 0);
}

/** A size in MB of a million bytes. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

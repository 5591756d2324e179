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
import { cacheFolder } from '../../src/toolchain/kube-proxy.ts';

/** Where everything of the node image is kept, in the user's cache. */
export const ROOT = join(cacheFolder(process.env), 'kind-image');

/**
 * A key that changes when an input does: 16 hex digits of their hash.
 *
 * @param sources the texts of the scripts that make it
 */
export function contentKey(inputs: unknown, sources: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of [JSON.stringify(inputs), process.arch, ...sources]) {
    // With its length: two parts can't run into one another.
    hash.update(`${Buffer.byteLength(part)}\n`).update(part);
  }
  return hash.digest('hex').slice(0, 16);
}

/** The texts of files beside a script, for its content key. */
export function sources(folder: string, ...names: readonly string[]): readonly string[] {
  return names.map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** The folder of a step's result, there or not. */
export function resultFolder(name: string, key: string): string {
  return join(ROOT, `${name}-${key}`);
}

/**
 * The folder with a step's result: the one that is there, or a new one, which appears only when it is whole. Results of
 * the same step under other keys are deleted then.
 *
 * @param make puts the result into the folder that it is given
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

/** Of the names in the cache, the results of this step under other keys. */
export function otherResults(names: readonly string[], name: string, key: string): readonly string[] {
  return names.filter((other) => {
    const suffix = other.startsWith(`${name}-`) ? other.slice(name.length + 1) : '';
    return /^[0-9a-f]{16}(\.new)?$/.test(suffix) && suffix !== key;
  });
}

/** The bytes of all files in a folder. */
export function folderSize(folder: string): number {
  return globSync('**', { cwd: folder })
    .map((name) => lstatSync(join(folder, name), { throwIfNoEntry: false }))
    .reduce((sum, found) => sum + (found?.isFile() === true ? found.size : 0), 0);
}

/** A size in MB of a million bytes. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

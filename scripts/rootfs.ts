/**
 * A root file system of some programs and the libraries that they need, out of a larger one: the machine's own, or one
 * that debootstrap made. Links are kept as they are, so that paths mean there what they mean here.
 */
import { chmodSync, copyFileSync, globSync, lstatSync, mkdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Shell } from 'zx';

/** The longest chain of links that is followed, as in the kernel. */
const LINKS = 40;

/** What a path leads to: the links on the way, and at the end a file or a folder. */
export interface Way {
  readonly links: readonly { readonly path: string; readonly target: string }[];
  readonly end: string;
}

/**
 * The libraries, with their whole paths, in what `ldd` prints for one file or several. A program without any is static.
 *
 * @throws Error naming the library that is not found
 */
export function librariesOf(printed: string): readonly string[] {
  const lines = printed.split('\n').map((line) => line.trim());
  const missing = lines.find((line) => line.endsWith('=> not found'));
  if (missing !== undefined) throw new Error(`a library is missing: ${missing}`);
  const paths = lines.flatMap((line) => /^(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)$/.exec(line)?.[1] ?? []);
  return [...new Set(paths)];
}

/**
 * Follows a path below a root as a process that was put there (chroot) would: absolute links start at that root again.
 *
 * @throws Error where nothing is there, or links go in a circle
 */
export function follow(root: string, path: string): Way {
  const links: { path: string; target: string }[] = [];
  const parts = path.split('/');
  let end = '/';
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      end = dirname(end);
      continue;
    }
    const next = join(end, part);
    if (!lstatSync(join(root, next)).isSymbolicLink()) {
      end = next;
      continue;
    }
    if (links.length === LINKS) throw new Error(`too many links: ${path}`);
    const target = readlinkSync(join(root, next));
    links.push({ path: next, target });
    if (target.startsWith('/')) end = '/';
    parts.unshift(...target.split('/'));
  }
  return { links, end };
}

/** Copies one file to the same path below another root, with the links that lead to it. Returns where the file itself is. */
export function copyFile(from: string, to: string, path: string): string {
  const { links, end } = follow(from, path);
  for (const link of links) {
    const there = join(to, link.path);
    mkdirSync(dirname(there), { recursive: true });
    if (lstatSync(there, { throwIfNoEntry: false }) === undefined) symlinkSync(link.target, there);
  }
  mkdirSync(dirname(join(to, end)), { recursive: true });
  copyFileSync(join(from, end), join(to, end));
  return end;
}

export interface Wanted {
  /** Programs by their paths, like /usr/sbin/nft; each must be there. */
  readonly programs: readonly string[];
  /** Files beyond them, as patterns: what programs open by name (plug-ins, name services, tables). None need be there. */
  readonly files?: readonly string[];
}

/**
 * Copies programs, further files and the libraries that any of them needs.
 *
 * @param from the root that they are in; `/` is the machine's own. Another root needs `chroot`, so root.
 * @param to the folder that becomes the root of a container
 */
export async function copyRootfs(sh: Shell, from: string, to: string, wanted: Wanted): Promise<void> {
  const patterns = (wanted.files ?? []).map((pattern) => pattern.replace(/^\//, ''));
  const files = globSync(patterns, { cwd: from }).map((name) => `/${name}`);
  const regular = files.filter((path) => !lstatSync(join(from, follow(from, path).end)).isDirectory());
  const copied = [...wanted.programs, ...regular].map((path) => copyFile(from, to, path));
  const linked = copied.filter((path) => /\/s?bin\/|\.so(\.|$)|\/lib(exec)?\//.test(path));
  // ldd ends with 1 where one of several files is static or no program; what it says of the others holds.
  const { stdout } = await sh({ nothrow: true })`${from === '/' ? [] : ['chroot', from]} ldd ${linked}`;
  for (const library of librariesOf(stdout)) copyFile(from, to, library);
  for (const folder of ['tmp', 'run']) mkdirSync(join(to, folder), { recursive: true });
  // Not through mkdir: a umask would take from it.
  chmodSync(join(to, 'tmp'), 0o1777);
}

/**
 * Copies programs and their libraries into a new root file system, from the machine's own or one by
 * debootstrap. Links are kept, so paths stay valid.
 */
import { chmodSync, copyFileSync, globSync, lstatSync, mkdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

/** Longest chain of links followed, as in the kernel. */
const LINKS = 40;

/** Resolution of a path: the links on the way, and the file or folder at the end. */
export interface Way {
  readonly links: readonly { readonly path: string; readonly target: string }[];
  readonly end: string;
}

/**
 * Paths of the libraries that `ldd` prints for one or several files; none for static programs.
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
 * Follows a path below a root like a process in a chroot there: absolute links start at that root.
 *
 * @throws Error where nothing is there, or links form a circle
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

/**
 * Copies one file to the same path below another root, with the links to it.
 *
 * @returns the file's resolved path
 */
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

interface Wanted {
  /** Paths of programs, like /usr/sbin/nft; each must exist. */
  readonly programs: readonly string[];
  /**
   * Patterns of further files that programs open by name (plugins, name services, tables); they may be
   * missing.
   */
  readonly files?: readonly string[];
}

/**
 * Copies programs, further files and their libraries.
 *
 * @param from the source root; any but `/` needs `chroot`, and so root
 * @param to the folder that becomes the root of a container
 */
export async function copyRootfs(from: string, to: string, wanted: Wanted): Promise<void> {
  const patterns = (wanted.files ?? []).map((pattern) => pattern.replace(/^\//, ''));
  const files = globSync(patterns, { cwd: from }).map((name) => `/${name}`);
  const regular = files.filter((path) => !lstatSync(join(from, follow(from, path).end)).isDirectory());
  const copied = [...wanted.programs, ...regular].map((path) => copyFile(from, to, path));
  const linked = copied.filter((path) => /\/s?bin\/|\.so(\.|$)|\/lib(exec)?\//.test(path));
  // ldd exits with 1 if any of several files is static or no program; its output for the others is valid.
  const [program = '', ...args] = [...(from === '/' ? [] : ['chroot', from]), 'ldd', ...linked];
  const { stdout } = await execa(program, args, { reject: false });
  for (const library of librariesOf(stdout)) copyFile(from, to, library);
  for (const folder of ['tmp', 'run']) mkdirSync(join(to, folder), { recursive: true });
  // Not by mkdir, whose mode a umask reduces.
  chmodSync(join(to, 'tmp'), 0o1777);
}

import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { NetNamespace } from '../kernel/netns.ts';

/** The conntrack table of one network namespace. */
export interface NamespaceEntries {
  /** A path to enter the namespace: `/proc/PID/ns/net`, or its mount point. */
  readonly path: string;
  readonly entries: number;
}

/**
 * Counts the entries of every network namespace that this process can enter: those of all processes, those
 * mounted where any process sees them (`ip netns`, container runtimes, nodes of other labs), and those kept
 * alive by an open file. Root only.
 */
export function entriesOfAllNamespaces(): NamespaceEntries[] {
  const paths = new Map<number, string>();
  const note = (path: string, inode: number | undefined): void => {
    if (inode !== undefined && !paths.has(inode)) paths.set(inode, path);
  };
  const processes = ['self', ...readdirSync('/proc').filter((name) => /^\d+$/.test(name))];
  for (const path of [
    ...processes.map((pid) => `/proc/${pid}/ns/net`),
    ...processesByMounts(processes).flatMap(mountedIn),
  ])
    note(
      path,
      unlessGone(() => statSync(path).ino),
    );
  for (const pid of processes) for (const { path, inode } of heldBy(pid)) note(path, inode);
  return [...paths.values()].flatMap((path) => unlessGone(() => ({ path, entries: countIn(path) })) ?? []);
}

/** One process of each mount namespace, this one first. */
function processesByMounts(processes: readonly string[]): string[] {
  const seen = new Map<string, string>();
  for (const pid of processes) {
    const mounts = unlessGone(() => readlinkSync(`/proc/${pid}/ns/mnt`));
    if (mounts !== undefined && !seen.has(mounts)) seen.set(mounts, pid);
  }
  return [...seen.values()];
}

/** Mount points of network namespaces, as paths of this process. */
function mountedIn(pid: string): string[] {
  const root = pid === 'self' ? '' : `/proc/${pid}/root`;
  const mountinfo = unlessGone(() => readFileSync(`/proc/${pid}/mountinfo`, 'utf8')) ?? '';
  return mountedNamespaces(mountinfo).map((mountPoint) => `${root}${mountPoint}`);
}

/** Network namespaces that a process has open as files. */
function heldBy(pid: string): { path: string; inode: number }[] {
  const folder = `/proc/${pid}/fd`;
  return (unlessGone(() => readdirSync(folder)) ?? []).flatMap((fd) => {
    const path = `${folder}/${fd}`;
    const inode = /^net:\[(\d+)\]$/.exec(unlessGone(() => readlinkSync(path)) ?? '')?.[1];
    return inode === undefined ? [] : [{ path, inode: Number(inode) }];
  });
}

/** Mount points of network namespaces in a mountinfo file (proc_pid_mountinfo(5)). */
export function mountedNamespaces(mountinfo: string): string[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [, , , root, mountPoint] = line.split(' ');
    const isNamespace = line.includes(' - nsfs ') && root?.startsWith('net:[') === true;
    // Blanks and backslashes in a path are octal: `\040`.
    return isNamespace && mountPoint !== undefined
      ? [
          mountPoint.replace(/\\([0-7]{3})/g, (_, octal: string) =>
            String.fromCharCode(Number.parseInt(octal, 8)),
          ),
        ]
      : [];
  });
}

function countIn(path: string): number {
  using namespace = NetNamespace.open(path);
  return namespace.within(() => Number(readFileSync('/proc/sys/net/netfilter/nf_conntrack_count', 'utf8')));
}

/** Tolerates processes and namespaces that vanish meanwhile, or hide even from root. */
function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return undefined;
    throw error;
  }
}

/** Kernel objects by kind and count (slabinfo(5)); root only. */
const SLABS = '/proc/slabinfo';

/**
 * Conntrack entries allocated for all namespaces, ended ones included. Slightly high, as each CPU caches
 * some.
 *
 * @throws Error where the text has no such row
 */
export function entriesInMemory(slabinfo: string): number {
  const active = /^nf_conntrack\s+(\d+)\s/m.exec(slabinfo)?.[1];
  if (active === undefined) throw new Error(`${SLABS}: there is no row nf_conntrack`);
  return Number(active);
}

/** The same for this machine. @throws Error where it is unreadable, as on a kernel without the file */
export function allocatedEntries(): number {
  return entriesInMemory(readFileSync(SLABS, 'utf8'));
}

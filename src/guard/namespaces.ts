import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { NetNamespace } from '../kernel/netns.ts';

/** The conntrack table of one network namespace. */
export interface NamespaceEntries {
  /** Where the namespace can be entered: `/proc/PID/ns/net`, or where it is mounted. */
  readonly path: string;
  readonly entries: number;
}

/**
 * Counts the entries of every network namespace that this process can enter: those of all processes, those mounted where
 * any of them can see it (`ip netns`, container runtimes, the nodes of other labs), and those that only an open file
 * keeps alive. Root only.
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

/** A process of each mount namespace, this one first. */
function processesByMounts(processes: readonly string[]): string[] {
  const seen = new Map<string, string>();
  for (const pid of processes) {
    const mounts = unlessGone(() => readlinkSync(`/proc/${pid}/ns/mnt`));
    if (mounts !== undefined && !seen.has(mounts)) seen.set(mounts, pid);
  }
  return [...seen.values()];
}

/** Where network namespaces are mounted, as this process gets there. */
function mountedIn(pid: string): string[] {
  const root = pid === 'self' ? '' : `/proc/${pid}/root`;
  const mountinfo = unlessGone(() => readFileSync(`/proc/${pid}/mountinfo`, 'utf8')) ?? '';
  return mountedNamespaces(mountinfo).map((mountPoint) => `${root}${mountPoint}`);
}

/** The network namespaces that a process has open as files. */
function heldBy(pid: string): { path: string; inode: number }[] {
  const folder = `/proc/${pid}/fd`;
  return (unlessGone(() => readdirSync(folder)) ?? []).flatMap((fd) => {
    const path = `${folder}/${fd}`;
    const inode = /^net:\[(\d+)\]$/.exec(unlessGone(() => readlinkSync(path)) ?? '')?.[1];
    return inode === undefined ? [] : [{ path, inode: Number(inode) }];
  });
}

/** The mount points of network namespaces in the text of a mountinfo file (proc_pid_mountinfo(5)). */
export function mountedNamespaces(mountinfo: string): string[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [, , , root, mountPoint] = line.split(' ');
    const isNamespace = line.includes(' - nsfs ') && root?.startsWith('net:[') === true;
    // Blanks and backslashes in a path are written in octal: `\040`.
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

/** Processes and namespaces come and go while they are counted, and some processes hide theirs even from root. */
function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return undefined;
    throw error;
  }
}

/** Every kind of kernel object and how many there are (slabinfo(5)); only root may read it. */
const SLABS = '/proc/slabinfo';

/**
 * The conntrack entries that the kernel has allocated for all namespaces together, those of namespaces that have ended
 * among them; a few more than there are, as a CPU keeps some at hand.
 *
 * @throws Error where the text has no such row
 */
export function entriesInMemory(slabinfo: string): number {
  const active = /^nf_conntrack\s+(\d+)\s/m.exec(slabinfo)?.[1];
  if (active === undefined) throw new Error(`${SLABS}: there is no row nf_conntrack`);
  return Number(active);
}

/** The same of this machine. @throws Error where it can't be read, as on a kernel that keeps no such file */
export function allocatedEntries(): number {
  return entriesInMemory(readFileSync(SLABS, 'utf8'));
}

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { NetNamespace } from '../kernel/netns.ts';

/** The conntrack table of one network namespace. */
export interface NamespaceEntries {
  /** Where the namespace can be entered: `/proc/PID/ns/net`, or where it is mounted. */
  readonly path: string;
  readonly entries: number;
}

/**
 * Counts the entries of every network namespace that this process can enter: those of all processes, and those
 * mounted where it can see them (`ip netns`, container runtimes). One that only an open file keeps alive is
 * not found. Root only.
 */
export function entriesOfAllNamespaces(): NamespaceEntries[] {
  const paths = new Map<number, string>();
  for (const path of [
    ...namespacesOfProcesses(),
    ...mountedNamespaces(readFileSync('/proc/self/mountinfo', 'utf8')),
  ]) {
    const inode = unlessGone(() => statSync(path).ino);
    if (inode !== undefined && !paths.has(inode)) paths.set(inode, path);
  }
  return [...paths.values()].flatMap((path) => unlessGone(() => ({ path, entries: countIn(path) })) ?? []);
}

function namespacesOfProcesses(): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ['self', ...pids].map((pid) => `/proc/${pid}/ns/net`);
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
export const SLABS = '/proc/slabinfo';

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

import { join, relative } from 'node:path';
import { readIfThere } from '../util/read-if-there.ts';

/** The CPU controller's cgroups of a process: its own and their parents. */
export interface CpuGroup {
  readonly version: 1 | 2;
  /** Folders, the process's own first. Parents above the mount are invisible. */
  readonly folders: readonly string[];
}

/**
 * @param cgroup the text of /proc/PID/cgroup (cgroups(7))
 * @param mountinfo the text of /proc/PID/mountinfo: where hierarchies are mounted, and from which folder on
 * @returns undefined where the hierarchy is not mounted, or the process is outside the mount
 */
export function cpuGroupOf(cgroup: string, mountinfo: string): CpuGroup | undefined {
  const lines = cgroup.split('\n').map((line) => /^\d+:([^:]*):(.*)$/.exec(line) ?? []);
  const own = (controller: string): string | undefined =>
    lines.find(([, names]) => names?.split(',').includes(controller))?.[2];
  const first = own('cpu');
  // The unified hierarchy's line has no names. Beside version 1 it has no CPU controller.
  const path = first ?? own('');
  // In a cgroup namespace, paths outside it begin with `/..`.
  if (path === undefined || path.split('/').includes('..')) return undefined;
  const mount = mountsOf(mountinfo).find(
    ({ root, type, options }) =>
      (first === undefined ? type === 'cgroup2' : type === 'cgroup' && options.includes('cpu')) &&
      !relative(root, path).startsWith('..'),
  );
  if (mount === undefined) return undefined;
  const parts = relative(mount.root, path).split('/').filter(Boolean);
  const folders = Array.from({ length: parts.length + 1 }, (_, i) =>
    join(mount.at, ...parts.slice(0, parts.length - i)),
  );
  return { version: first === undefined ? 2 : 1, folders };
}

interface Mount {
  readonly root: string;
  readonly at: string;
  readonly type: string;
  readonly options: readonly string[];
}

/**
 * proc_pid_mountinfo(5): fields 4 and 5 are root and mount point; after the dash come type, source and
 * options.
 */
function mountsOf(mountinfo: string): readonly Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [left = '', right = ''] = line.split(' - ');
    const [, , , root, at] = left.split(' ').map(unescaped);
    const [type, , options = ''] = right.split(' ');
    if (root === undefined || at === undefined || type === undefined) return [];
    return [{ root, at, type, options: options.split(',') }];
  });
}

/** A blank in a path is written `\040`. */
function unescaped(field: string): string {
  return field.replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** The cgroup of this process; undefined where none is visible. */
export function readCpuGroup(): CpuGroup | undefined {
  const [cgroup, mountinfo] = ['cgroup', 'mountinfo'].map((name) => readIfThere(`/proc/self/${name}`));
  return cgroup === undefined || mountinfo === undefined ? undefined : cpuGroupOf(cgroup, mountinfo);
}

/** CPUs allowed by the text of a cgroup's cpu.max; undefined without a limit. */
export function parseCpuMax(text: string): number | undefined {
  const [quota, period] = text.trim().split(' ').map(Number);
  return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? quota / period : undefined;
}

/** The same for version 1: cpu.cfs_quota_us, -1 without a limit, and cpu.cfs_period_us. */
export function parseCfsQuota(quota: string, period: string): number | undefined {
  return parseCpuMax(`${quota.trim()} ${period.trim()}`);
}

/** CPUs allowed by the tightest of a process's cgroups; undefined without a limit. */
export function readQuota({ version, folders }: CpuGroup): number | undefined {
  const allowed = folders.flatMap((folder) => {
    const read = (name: string): string => readIfThere(join(folder, name)) ?? '';
    const cpus =
      version === 2
        ? parseCpuMax(read('cpu.max'))
        : parseCfsQuota(read('cpu.cfs_quota_us'), read('cpu.cfs_period_us'));
    return cpus ?? [];
  });
  return allowed.length === 0 ? undefined : Math.min(...allowed);
}

/**
 * Time a quota kept a cgroup's tasks from running, ms, summed over the CPUs. From the text of cpu.stat or
 * cpu.stat.local: `throttled_time` (ns) in version 1, `throttled_usec` in version 2.
 */
export function parseThrottled(text: string): number | undefined {
  const [, name, value] = /^(throttled_time|throttled_usec) (\d+)$/m.exec(text) ?? [];
  if (name === undefined) return undefined;
  return Number(value) / (name === 'throttled_usec' ? 1e3 : 1e6);
}

/**
 * The same for a process, since its cgroup was made. cpu.stat.local (Linux 6.6 and later) includes quotas of
 * outer cgroups; before it, every cgroup is read.
 */
export function readThrottled({ folders }: CpuGroup): number | undefined {
  const [own = ''] = folders;
  const local = parseThrottled(readIfThere(join(own, 'cpu.stat.local')) ?? '');
  if (local !== undefined) return local;
  const each = folders.flatMap((folder) => parseThrottled(readIfThere(join(folder, 'cpu.stat')) ?? '') ?? []);
  return each.length === 0 ? undefined : each.reduce((sum, ms) => sum + ms, 0);
}

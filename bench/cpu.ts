/** CPU time of this machine, of a process, of ended children. */
import { readdirSync, readFileSync } from 'node:fs';
import koffi from 'koffi';

/** USER_HZ: /proc counts in hundredths of a second on every architecture that Node supports. */
const TICK_US = 10_000;

/** CPU time of the whole machine since boot, µs. */
export interface MachineCpu {
  readonly busy: number;
  readonly softirq: number;
  /** Stolen by the host. */
  readonly steal: number;
  readonly total: number;
}

/** The first line of /proc/stat (proc_stat(5)): user, nice, system, idle, iowait, irq, softirq, steal. */
export function machineCpu(): MachineCpu {
  const [line = ''] = readFileSync('/proc/stat', 'latin1').split('\n');
  const ticks = line.split(/\s+/).slice(1).map(Number);
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = ticks;
  const busy = user + nice + system + irq + softirq;
  return {
    busy: busy * TICK_US,
    softirq: softirq * TICK_US,
    steal: steal * TICK_US,
    total: (busy + idle + iowait + steal) * TICK_US,
  };
}

/** User and system time of a process with all its threads, µs; 0 once it is gone. */
export function processCpu(pid: number): number {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'latin1');
    // The command's name, in parentheses, may contain namespaces.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_US;
  } catch {
    return 0;
  }
}

/**
 * CPU time of a process' live threads, µs, with nanosecond resolution: of the first, and of all others
 * together.
 */
export function threadsCpu(pid: number): { readonly main: number; readonly others: number } {
  const folder = `/proc/${String(pid)}/task`;
  const all = readdirSync(folder).map((thread) => {
    const [ns = ''] = readFileSync(`${folder}/${thread}/schedstat`, 'latin1').split(' ');
    return { isMain: thread === String(pid), us: Number(ns) / 1000 };
  });
  const sum = (main: boolean): number =>
    all.reduce((us, each) => us + (each.isMain === main ? each.us : 0), 0);
  return { main: sum(true), others: sum(false) };
}

const getrusage = koffi.load(null).func('int getrusage(int who, void *usage)') as (
  who: number,
  usage: Buffer,
) => number;
const RUSAGE_CHILDREN = -1;
/** sizeof(struct rusage) with a 64-bit long. */
const RUSAGE = 144;

/**
 * User and system time of this process' children that have ended and been waited for, with their own
 * children's, µs.
 */
export function endedChildrenCpu(): number {
  const usage = Buffer.alloc(RUSAGE);
  if (getrusage(RUSAGE_CHILDREN, usage) !== 0) throw new Error('getrusage failed');
  const timeval = (at: number): number =>
    Number(usage.readBigInt64LE(at)) * 1e6 + Number(usage.readBigInt64LE(at + 8));
  return timeval(0) + timeval(16);
}

/** CPU time spent while watched, µs. */
export interface Spent {
  readonly children: number;
  readonly processes: readonly number[];
  readonly machine: number;
  readonly softirq: number;
}

/** Starts to watch CPU time. @returns a function that gives the time spent so far */
export function watchCpu(pids: readonly number[]): () => Spent {
  const before = { machine: machineCpu(), children: endedChildrenCpu(), processes: pids.map(processCpu) };
  return () => {
    const after = machineCpu();
    return {
      children: endedChildrenCpu() - before.children,
      processes: pids.map((pid, i) => processCpu(pid) - (before.processes[i] ?? 0)),
      machine: after.busy - before.machine.busy,
      softirq: after.softirq - before.machine.softirq,
    };
  };
}

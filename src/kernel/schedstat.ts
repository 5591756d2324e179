import { TICK_MS } from './pressure.ts';
import { namesIn, readIfThere } from '../util/read-if-there.ts';

/** A thread's scheduler times since its creation, ms (Documentation/scheduler/sched-stats.rst). */
export interface Scheduled {
  readonly ranMs: number;
  /** Ready to run, but kept from a CPU by another task or a cgroup's quota. */
  readonly waitedMs: number;
}

/**
 * Parses /proc/PID/schedstat: ran, waited (ns), turns. Undefined where all are 0: the kernel does not count.
 */
export function parseSchedstat(text: string): Scheduled | undefined {
  const [, ran, waited, turns] = /^(\d+) (\d+) (\d+)/.exec(text) ?? [];
  if (ran === undefined || turns === '0') return undefined;
  return { ranMs: Number(ran) / 1e6, waitedMs: Number(waited) / 1e6 };
}

/** Of one thread; a process's path gives its first. */
export function readSchedstat(path: string): Scheduled | undefined {
  const text = readIfThere(`${path}/schedstat`);
  return text === undefined ? undefined : parseSchedstat(text);
}

/** Listing a thousand threads takes 20 ms; beyond this many, the first thread stands for all. */
const THREADS = 64;

/** A process's threads by number; empty where it is gone. */
export function threadsOf(pid: number): ReadonlyMap<number, Scheduled> {
  const seen = new Map<number, Scheduled>();
  for (const tid of tasks(pid)) {
    const scheduled = readSchedstat(`/proc/${String(pid)}/task/${String(tid)}`);
    if (scheduled !== undefined) seen.set(tid, scheduled);
  }
  return seen;
}

/** A process's descendants, at any depth. */
export function descendantsOf(pid: number): readonly number[] {
  const children = tasks(pid)
    .flatMap((tid) => (readIfThere(`/proc/${String(pid)}/task/${String(tid)}/children`) ?? '').split(' '))
    .flatMap((text) => (text.trim() === '' ? [] : [Number(text)]));
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

/** Fields of /proc/PID/stat (proc_pid_stat(5)). */
interface ProcessStat {
  /** CPU time of the process and of children it has waited for. */
  readonly usedMs: number;
  readonly threads: number;
}

export function parseProcessStat(text: string): ProcessStat | undefined {
  // The name in brackets may contain anything; utime is the 14th field, the 12th after it.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const ticks = fields.slice(11, 15);
  const [threads] = fields.slice(17, 18);
  if (ticks.length < 4 || threads === undefined || [...ticks, threads].some(Number.isNaN)) return undefined;
  return { usedMs: ticks.reduce((sum, each) => sum + each, 0) * TICK_MS, threads };
}

export function readProcessStat(pid: number): ProcessStat | undefined {
  const text = readIfThere(`/proc/${String(pid)}/stat`);
  return text === undefined ? undefined : parseProcessStat(text);
}

function tasks(pid: number): readonly number[] {
  if ((readProcessStat(pid)?.threads ?? 0) > THREADS) return [pid];
  return namesIn(`/proc/${String(pid)}/task`).map(Number);
}

import { readdirSync } from 'node:fs';
import { readIfThere, TICK_MS } from './pressure.ts';

/** What the scheduler counts of a thread since it was made, ms (Documentation/scheduler/sched-stats.rst). */
export interface Scheduled {
  readonly ranMs: number;
  /** Ready to run, and another task or a cgroup's quota kept it from a CPU. */
  readonly waitedMs: number;
}

/** The text of /proc/PID/schedstat: ran, waited (ns), turns. All 0 where the kernel does not count: undefined. */
export function parseSchedstat(text: string): Scheduled | undefined {
  const [, ran, waited, turns] = /^(\d+) (\d+) (\d+)/.exec(text) ?? [];
  if (ran === undefined || turns === '0') return undefined;
  return { ranMs: Number(ran) / 1e6, waitedMs: Number(waited) / 1e6 };
}

/** One thread; of a process given alone, its first. */
export function readSchedstat(path: string): Scheduled | undefined {
  const text = readIfThere(`${path}/schedstat`);
  return text === undefined ? undefined : parseSchedstat(text);
}

/** Listing the threads of a process that has a thousand takes 20 ms; beyond so many, the first stands for all. */
const THREADS = 64;

/** The threads of a process by their numbers; none where it is gone. */
export function threadsOf(pid: number): ReadonlyMap<number, Scheduled> {
  const seen = new Map<number, Scheduled>();
  for (const tid of tasks(pid)) {
    const scheduled = readSchedstat(`/proc/${String(pid)}/task/${String(tid)}`);
    if (scheduled !== undefined) seen.set(tid, scheduled);
  }
  return seen;
}

/** The processes that a process started, those that these started, and so on. */
export function descendantsOf(pid: number): readonly number[] {
  const children = tasks(pid)
    .flatMap((tid) => (readIfThere(`/proc/${String(pid)}/task/${String(tid)}/children`) ?? '').split(' '))
    .flatMap((text) => (text.trim() === '' ? [] : [Number(text)]));
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

/** What /proc/PID/stat says of a process (proc_pid_stat(5)). */
export interface ProcessStat {
  /** CPU time of it and of those of its children that it has waited for. */
  readonly usedMs: number;
  readonly threads: number;
}

export function parseProcessStat(text: string): ProcessStat | undefined {
  // The name stands in brackets and may hold anything; utime is the 14th field, the 12th after it.
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
  try {
    return readdirSync(`/proc/${String(pid)}/task`).map(Number);
  } catch {
    return [];
  }
}

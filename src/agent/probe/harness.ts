import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { readCpuGroup, readQuota, readThrottled } from '../../kernel/cpu-quota.ts';
import { readCpuTimes, readPressure } from '../../kernel/pressure.ts';
import {
  descendantsOf,
  readProcessStat,
  readSchedstat,
  threadsOf,
  type Scheduled,
} from '../../kernel/schedstat.ts';
import type { Probe } from './probe.ts';

type Figures = Readonly<Record<string, number>>;
/** Figures that a kernel, container or user may be unable to read are undefined. */
type Partly = Readonly<Record<string, number | undefined>>;

/** Interval of the clock check, ms: that of the table samples. */
const LOOK_EVERY_MS = 50;
/** Resolution of Node's event loop monitor, ms; finer costs more than 1 % of a CPU. */
const RESOLUTION_MS = 10;

/**
 * What kept the lab from working: threads waiting for a CPU, CPU time taken by a quota or the host, and a
 * busy event loop. For the agent of the node under test.
 */
export const harness: Probe = {
  during: ({ node, nodes }) => {
    if (!nodes.includes(node)) return () => ({});
    const before = read();
    const [loop, clock] = [watchLoop(), watchClock()];
    return () => {
      const { stopped, late } = clock();
      const { p99, max, utilisation } = loop();
      const after = read();
      return present({
        ...waits(before.threads, after.threads),
        ...differences(before.totals, after.totals),
        'harness.stopped': stopped,
        'harness.quota': quota(),
        'harness.loop.p99': p99,
        // Node counts a turn of the loop only when it ends; the clock also sees a running one.
        'harness.loop.max': Math.max(max ?? 0, late),
        'harness.loop.utilisation': utilisation,
        'machine.cpus': readCpuTimes()?.cpus,
      });
    };
  },
};

/** Counts the agent and the programs that it started. */
function read(): { readonly threads: ReadonlyMap<string, Scheduled>; readonly totals: Partly } {
  const processes = [process.pid, ...descendantsOf(process.pid)];
  return { threads: threads(processes), totals: totals(processes) };
}

/** Keyed by process and thread. */
function threads(processes: readonly number[]): ReadonlyMap<string, Scheduled> {
  return new Map(
    processes.flatMap((pid) =>
      [...threadsOf(pid)].map(([tid, scheduled]) => [`${String(pid)}/${String(tid)}`, scheduled] as const),
    ),
  );
}

/** Threads that ended within the phase are missing: the kernel forgets what they waited. */
function waits(before: ReadonlyMap<string, Scheduled>, after: ReadonlyMap<string, Scheduled>): Partly {
  if (after.size === 0) return {};
  const waited = [...after].map(([id, { waitedMs }]) => ({
    id,
    ms: Math.max(0, waitedMs - (before.get(id)?.waitedMs ?? 0)),
  }));
  const main = `${String(process.pid)}/${String(process.pid)}`;
  return {
    'harness.waited': waited.reduce((sum, { ms }) => sum + ms, 0),
    'harness.waited.main': waited.find(({ id }) => id === main)?.ms,
    'harness.waited.most': waited.reduce((most, { ms }) => Math.max(most, ms), 0),
  };
}

/** Monotonic totals, ms. */
function totals(processes: readonly number[]): Partly {
  const group = readCpuGroup();
  const times = readCpuTimes();
  const used = processes.flatMap((pid) => readProcessStat(pid)?.usedMs ?? []);
  return {
    'harness.throttled': group && readThrottled(group),
    'harness.cpu': used.length > 0 ? used.reduce((sum, ms) => sum + ms, 0) : undefined,
    'machine.steal': times?.stealMs,
    'machine.busy': times?.busyMs,
    'machine.pressure': readPressure(),
  };
}

function quota(): number | undefined {
  const group = readCpuGroup();
  return group && readQuota(group);
}

function differences(before: Partly, after: Partly): Partly {
  return Object.fromEntries(
    Object.entries(after).map(([name, value]) => {
      const from = before[name];
      return [name, value === undefined || from === undefined ? undefined : Math.max(0, value - from)];
    }),
  );
}

function present(figures: Partly): Figures {
  return Object.fromEntries(
    Object.entries(figures).flatMap(([name, value]) => (value === undefined ? [] : [[name, round(value)]])),
  );
}

/** Delay of the main thread's timers, ms, and its share of busy time. */
function watchLoop() {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const began = performance.eventLoopUtilization();
  const late = (ns: number): number | undefined =>
    delay.count === 0 ? undefined : Math.max(0, ns / 1e6 - RESOLUTION_MS);
  return () => {
    delay.disable();
    const { utilization: utilisation } = performance.eventLoopUtilization(began);
    return { p99: late(delay.percentile(99)), max: late(delay.max), utilisation };
  };
}

/**
 * Checks the clock every 50 ms. `late` is the largest delay, ms. `stopped` is the largest part of a delay in
 * which the main thread neither ran nor waited for a CPU: a signal or a paused machine. Undefined where the
 * kernel does not count a thread's waiting.
 */
function watchClock() {
  const look = () => ({ at: performance.now(), ...readSchedstat('/proc/self') });
  let last = look();
  let late = 0;
  let stopped: number | undefined;
  const compare = (): void => {
    const now = look();
    const overdue = now.at - last.at - LOOK_EVERY_MS;
    const [ran, waited] = [grown(last.ranMs, now.ranMs), grown(last.waitedMs, now.waitedMs)];
    late = Math.max(late, overdue);
    if (ran !== undefined && waited !== undefined) stopped = Math.max(stopped ?? 0, overdue - ran - waited);
    last = now;
  };
  const timer = setInterval(compare, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    compare();
    return { late, stopped };
  };
}

function grown(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : to - from;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

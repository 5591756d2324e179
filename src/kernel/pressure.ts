import { readIfThere } from '../util/read-if-there.ts';

/**
 * How long some task was ready to run and had no CPU since boot, ms (Documentation/accounting/psi.rst): of the line
 * `some` of /proc/pressure/cpu or a cgroup's cpu.pressure; undefined without it.
 */
export function parsePressure(text: string): number | undefined {
  const total = /^some .*total=(\d+)/m.exec(text)?.[1];
  return total === undefined ? undefined : Number(total) / 1000;
}

/** Undefined where the kernel was built or booted without pressure accounting. */
export function readPressure(path = '/proc/pressure/cpu'): number | undefined {
  const text = readIfThere(path);
  return text === undefined ? undefined : parsePressure(text);
}

/** CPU times since boot, summed over the CPUs, ms. */
export interface CpuTimes {
  readonly cpus: number;
  /** Running anything. */
  readonly busyMs: number;
  readonly idleMs: number;
  /** Ready to run while the host ran something else. */
  readonly stealMs: number;
}

/** Unit of /proc/stat and /proc/PID/stat: USER_HZ is 100 on every architecture of Node. */
export const TICK_MS = 10;

/** Parses /proc/stat (proc_stat(5)); undefined without the line of all CPUs. */
export function parseCpuTimes(text: string): CpuTimes | undefined {
  const fields = /^cpu +(.*)$/m.exec(text)?.[1]?.split(' ').map(Number);
  if (fields === undefined) return undefined;
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = fields;
  return {
    cpus: text.match(/^cpu\d+ /gm)?.length ?? 1,
    busyMs: (user + nice + system + irq + softirq) * TICK_MS,
    idleMs: (idle + iowait) * TICK_MS,
    stealMs: steal * TICK_MS,
  };
}

export function readCpuTimes(): CpuTimes | undefined {
  const text = readIfThere('/proc/stat');
  return text === undefined ? undefined : parseCpuTimes(text);
}

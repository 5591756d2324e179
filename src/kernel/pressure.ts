import { readFileSync } from 'node:fs';

/** A file of /proc or /sys, or undefined where this kernel, container or user has none to read. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

/** How long some task was ready to run and had no CPU (Documentation/accounting/psi.rst). */
export interface Pressure {
  /** Of the last ten seconds, per cent. */
  readonly avg10: number;
  /** Since the machine booted, ms. */
  readonly totalMs: number;
}

/** The line `some` of /proc/pressure/cpu or of a cgroup's cpu.pressure; undefined where there is no such line. */
export function parsePressure(text: string): Pressure | undefined {
  const [, avg10, total] = /^some avg10=([\d.]+) .*total=(\d+)/m.exec(text) ?? [];
  return avg10 === undefined ? undefined : { avg10: Number(avg10), totalMs: Number(total) / 1000 };
}

/** Undefined where the kernel was built or booted without pressure accounting. */
export function readPressure(path = '/proc/pressure/cpu'): Pressure | undefined {
  const text = readIfThere(path);
  return text === undefined ? undefined : parsePressure(text);
}

/** What a machine's CPUs did since it booted, summed over them, ms. */
export interface CpuTimes {
  readonly cpus: number;
  /** Running something, of whoever. */
  readonly busyMs: number;
  readonly idleMs: number;
  /** Ready to run while the host ran something else. */
  readonly stealMs: number;
}

/** The unit of /proc/stat and /proc/PID/stat: USER_HZ is 100 on every architecture that Node runs on. */
export const TICK_MS = 10;

/** The text of /proc/stat (proc_stat(5)); undefined where it has no line of all CPUs. */
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

import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { readCpuGroup, readQuota } from '../kernel/cpu-quota.ts';
import { readCpuTimes, type CpuTimes } from '../kernel/pressure.ts';
import type { Check } from './entry.ts';

/** CPU available to a run before it begins. */
export interface Strain {
  readonly cpus: number;
  /** CPUs busy with other work; absent where /proc/stat can't be read. */
  readonly busy?: number;
  /** Share of the CPU time that the host takes, 0 to 1. */
  readonly stolen?: number;
  /** CPUs that a quota allows; absent without one. */
  readonly quota?: number;
}

/** Duration of the measurement, ms: /proc/stat counts in steps of 10 ms per CPU. */
const LOOK_MS = 200;
/** Share of stolen time that is reported; hosts usually take a few per cent. */
const STOLEN = 0.1;
/** CPUs that an unhindered run uses: one for clients and servers, half of one for the kernel. */
const NEEDED = 1.5;

/** Measures other load on the machine. */
export async function lookAtStrain(): Promise<Strain> {
  const [before, own] = [readCpuTimes(), process.cpuUsage()];
  await delay(LOOK_MS);
  const [after, { user, system }] = [readCpuTimes(), process.cpuUsage(own)];
  const group = readCpuGroup();
  const quota = group && readQuota(group);
  return {
    cpus: cpus().length,
    ...(before && after && between(before, after, (user + system) / 1000)),
    ...(quota !== undefined && { quota }),
  };
}

/** Use of the CPUs by others between two readings. @param ownMs CPU time of this process meanwhile */
export function between(
  before: CpuTimes,
  after: CpuTimes,
  ownMs: number,
): Required<Pick<Strain, 'cpus' | 'busy' | 'stolen'>> {
  const busy = after.busyMs - before.busyMs;
  const stolen = after.stealMs - before.stealMs;
  const all = busy + stolen + after.idleMs - before.idleMs;
  const part = (ms: number): number => (all > 0 ? Math.max(0, ms) / all : 0);
  return { cpus: after.cpus, busy: part(busy - ownMs) * after.cpus, stolen: part(stolen) };
}

/** What will make a run slow, in one line; undefined if nothing will. */
export function warningOf({ cpus, busy = 0, stolen = 0, quota }: Strain): string | undefined {
  const taken = Math.min(cpus, Math.round(busy));
  const longer = quota === undefined ? 0 : NEEDED / quota;
  const parts = [
    ...(taken > 0 ? [`${taken} of ${cpus} CPUs ${taken === 1 ? 'is' : 'are'} busy with other work`] : []),
    ...(stolen >= STOLEN ? [`the machine’s host takes ${Math.round(stolen * 100)} % of the CPU time`] : []),
    ...(quota !== undefined && quota < cpus
      ? [
          `a quota of ${rounded(quota)} CPU${longer >= 1.25 ? `: the run takes about ${rounded(longer)}x as long` : ''}`,
        ]
      : []),
  ];
  return parts.length === 0 ? undefined : parts.join('; ');
}

/** The same as a row of `doctor`. */
export function strainCheck(strain: Strain): Check {
  const name = 'cpu';
  const warning = warningOf(strain);
  return warning === undefined
    ? { name, status: 'ok', found: `${strain.cpus} CPUs, none busy with other work` }
    : { name, status: 'limited', found: warning, fix: 'stop other work, or give it more CPU' };
}

function rounded(value: number): string {
  return String(value >= 3 ? Math.round(value) : Math.round(value * 100) / 100);
}

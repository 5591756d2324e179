import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { readIfThere } from '../util/read-if-there.ts';

/** A process, distinguished from later ones with the same number by its start time. */
export const ownerSchema = z.strictObject({
  pid: z.number().int().positive(),
  /** Field 22 of /proc/PID/stat: clock ticks since boot (proc_pid_stat(5)). */
  starttime: z.number().int().nonnegative(),
});
export type Owner = z.infer<typeof ownerSchema>;

/** Id of this boot: processes and sysctls do not outlive it. */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** The running process with this number; undefined for none or a zombie. */
export function runningProcess(pid: number): Owner | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field is the command in brackets, which may itself contain spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, starttime] = [fields[0], fields[22 - 3]];
  return state === 'Z' || state === 'X' ? undefined : { pid, starttime: Number(starttime) };
}

export function isAlive(owner: Owner): boolean {
  return runningProcess(owner.pid)?.starttime === owner.starttime;
}

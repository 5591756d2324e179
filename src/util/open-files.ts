import { readdirSync, readFileSync } from 'node:fs';

/**
 * With fewer open files not everything works that a run does before its lab stands: measured at 48 with Node 24, of
 * which Node's own are 22. Below those not even Node starts.
 */
export const LEAST_OPEN_FILES = 64;

/** The soft limit in the text of /proc/PID/limits; undefined where it says nothing of it. Node raises it to the hard one. */
export function openFilesIn(limits: string): number | undefined {
  const soft = /^Max open files +(\w+)/m.exec(limits)?.[1];
  return soft === undefined ? undefined : soft === 'unlimited' ? Infinity : Number(soft);
}

/** One line with the fix where this process may not have so many open files; undefined where it may. */
export function tooFewOpenFiles(needed: number): string | undefined {
  const limit = openFilesIn(textOrNone('/proc/self/limits'));
  if (limit === undefined || limit >= needed) return undefined;
  return `a process may have ${String(limit)} open files here, and ${String(needed)} are needed: raise the limit, as in \`ulimit -n 4096\``;
}

/** How many more files this process may have open. */
export function spareOpenFiles(): number {
  return (openFilesIn(textOrNone('/proc/self/limits')) ?? Infinity) - readdirSync('/proc/self/fd').length;
}

function textOrNone(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

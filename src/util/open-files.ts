import { readdirSync } from 'node:fs';
import { readIfThere } from './read-if-there.ts';

/** A run fails below 48 open files before its lab stands, measured with Node 24. Node itself needs 22. */
export const LEAST_OPEN_FILES = 64;

/** The soft limit in /proc/PID/limits; undefined: not listed. Node raises it to the hard one. */
export function openFilesIn(limits: string): number | undefined {
  const soft = /^Max open files +(\w+)/m.exec(limits)?.[1];
  return soft === undefined ? undefined : soft === 'unlimited' ? Infinity : Number(soft);
}

/** One line with the fix if this process may open fewer files; else undefined. */
export function tooFewOpenFiles(needed: number): string | undefined {
  const limit = openFilesIn(ownLimits());
  if (limit === undefined || limit >= needed) return undefined;
  return `the limit is ${String(limit)} open files, but ${String(needed)} are needed: raise it, for instance with \`ulimit -n 4096\``;
}

/** The number of files that this process may still open. */
export function spareOpenFiles(): number {
  return (openFilesIn(ownLimits()) ?? Infinity) - readdirSync('/proc/self/fd').length;
}

function ownLimits(): string {
  return readIfThere('/proc/self/limits') ?? '';
}

import { readIfThere } from '../../util/read-if-there.ts';

/**
 * Memory of a process and all its descendants, bytes: their proportional share of it (PSS), so that what many of them
 * map, such as Node itself, counts once. Processes that end meanwhile count nothing.
 */
export function memoryOf(pid: number): number {
  return ownMemory(pid) + childrenOf(pid).reduce((sum, child) => sum + memoryOf(child), 0);
}

/** Without its children. */
export function ownMemory(pid: number): number {
  const [, kB = '0'] = /^Pss: +(\d+) kB$/m.exec(read(`/proc/${String(pid)}/smaps_rollup`)) ?? [];
  return Number(kB) * 1024;
}

function childrenOf(pid: number): readonly number[] {
  const text = read(`/proc/${String(pid)}/task/${String(pid)}/children`).trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

function read(path: string): string {
  return readIfThere(path) ?? '';
}

import { readFileSync } from 'node:fs';
import type { NetNamespace } from './netns.ts';

/** Counts the values of one field: `awk '{print $4}' | sort | uniq -c`. Fields count from 1. */
export function countField(text: string, field: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) {
    const value = line.trim().split(/\s+/)[field - 1];
    if (value !== undefined && value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

/**
 * A namespace's /proc/net/nf_conntrack, one entry per line. Walks the whole hash and copies the namespace's
 * entries: not for large tables, nor during a measurement.
 *
 * @returns undefined where the kernel lacks it (CONFIG_NF_CONNTRACK_PROCFS)
 */
export function readProcfs(ns: NetNamespace): string | undefined {
  return ns.within(() => {
    try {
      return readFileSync('/proc/thread-self/net/nf_conntrack', 'latin1');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  });
}

import { readFileSync } from 'node:fs';

/** The size of a slab's objects, bytes, from /proc/slabinfo's text (slab(5)); undefined where it has no such slab. */
export function objectSize(slabinfo: string, name: string): number | undefined {
  const row = slabinfo.split('\n').find((line) => line.startsWith(`${name} `));
  const size = Number(row?.split(/\s+/)[3]);
  return Number.isInteger(size) ? size : undefined;
}

/** What the kernel keeps of one conntrack entry, bytes, its extensions aside; undefined without root, whose file it is. */
export function entryBytes(): number | undefined {
  try {
    return objectSize(readFileSync('/proc/slabinfo', 'latin1'), 'nf_conntrack');
  } catch {
    return undefined;
  }
}

import { readIfThere } from '../util/read-if-there.ts';

/** Object size of a slab, bytes, from /proc/slabinfo's text (slab(5)); undefined without such a slab. */
export function objectSize(slabinfo: string, name: string): number | undefined {
  const row = slabinfo.split('\n').find((line) => line.startsWith(`${name} `));
  const size = Number(row?.split(/\s+/)[3]);
  return Number.isInteger(size) ? size : undefined;
}

/**
 * Kernel memory per conntrack entry, bytes, without extensions; undefined without root, who alone may read
 * it.
 */
export function entryBytes(): number | undefined {
  return objectSize(readIfThere('/proc/slabinfo') ?? '', 'nf_conntrack');
}

import { freemem } from 'node:os';
import { readSysctl } from '../kernel/sysctl.ts';
import { BUCKETS } from '../kernel/table-names.ts';

/** What a larger table would be made of. */
export interface Room {
  /** Available memory, bytes. */
  readonly memory: () => number;
  /** The present nf_conntrack_buckets. */
  readonly buckets: () => number;
}

export const THIS_MACHINE: Room = { memory: freemem, buckets: () => Number(readSysctl(BUCKETS)) };

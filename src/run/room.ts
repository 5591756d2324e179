import { freemem } from 'node:os';
import { kernelSysctls } from '../guard/sysctls.ts';

/** What a larger table would be made of. */
export interface Room {
  /** Available memory, bytes. */
  readonly memory: () => number;
  /** The present nf_conntrack_buckets. */
  readonly buckets: () => number;
}

export const THIS_MACHINE: Room = {
  memory: freemem,
  buckets: () => kernelSysctls.read('nf_conntrack_buckets'),
};

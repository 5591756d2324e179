import { z } from 'zod';
import { defineChange } from '../define.ts';

const ONLY_ROOT = 'nf_conntrack_buckets is global: only root can change it';

/** A larger factor is a mistake: the kernel takes 8 bytes for each bucket. */
export const MOST_TIMES = 1024;

export const buckets = defineChange({
  kind: 'buckets',
  doc: 'Multiplies `nf_conntrack_buckets`, which is global: root only.',
  fields: { times: z.number().positive().max(MOST_TIMES).describe('The factor; below 1 for fewer buckets.') },
  onMachine: { what: 'buckets', apply: ({ times }, machine) => machine.multiplyBuckets(times) },
  // Agents make what is scheduled, and this is the machine's.
  notInPhase: 'the machine’s buckets can’t be changed in the middle of a phase',
  lengthensChains: true,
  // A privileged run makes it outside the lab.
  apply: () => {
    throw new Error(ONLY_ROOT);
  },
});

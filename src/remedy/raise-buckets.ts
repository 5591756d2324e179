import type { Remedy } from './remedy.ts';
import { ROOT } from './requirement.ts';

export const raiseBuckets: Remedy = {
  name: 'raise-buckets',
  summary: 'multiply nf_conntrack_buckets by 4 and leave nf_conntrack_max as it is',
  applies: 'the machine: all its network namespaces share one hash',
  cost: '8 bytes of kernel memory a bucket, and a rehash of the whole table',
  why: { helps: 'shorter hash chains', fails: 'adds buckets, not room' },
  requires: [ROOT],
  changes: () => [{ kind: 'buckets', times: 4 }],
};

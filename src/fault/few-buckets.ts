import type { Fault } from './fault.ts';

export const fewBuckets: Fault<{ times: number }> = {
  name: 'few-buckets',
  summary: 'nf_conntrack_buckets of the whole machine are few, as where only nf_conntrack_max was raised',
  on: ({ times }) => ({ kind: 'buckets', times }),
};

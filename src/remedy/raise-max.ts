import type { Remedy } from './remedy.ts';

/** Three times the room that a squeezed table had left: 1,200 free entries become 4,800. */
const MORE = 3_600;

export const raiseMax: Remedy = {
  name: 'raise-max',
  summary: 'raise nf_conntrack_max by 3,600 entries',
  applies: 'the machine: the maximum is one for all its network namespaces, the count is each one’s own',
  cost: 'some 384 bytes of kernel memory an entry, and longer chains unless nf_conntrack_buckets grows too',
  requires: [],
  changes: () => [{ kind: 'limit', add: MORE }],
};

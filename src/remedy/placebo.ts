import { EVERY_NODE } from '../change/index.ts';
import type { Remedy } from './remedy.ts';

export const placebo: Remedy = {
  name: 'placebo',
  summary: 'a real change that has nothing to do with it: nf_conntrack_icmp_timeout 30 → 31',
  applies: 'every node, its network namespace',
  cost: 'none: if this cures, the harness is wrong',
  why: { helps: 'must not: the harness is wrong', fails: 'as it must: it changes nothing' },
  requires: [],
  changes: () => [
    { kind: 'sysctl', node: EVERY_NODE, name: 'net.netfilter.nf_conntrack_icmp_timeout', value: 31 },
  ],
};

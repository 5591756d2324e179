import type { Fault } from './fault.ts';

export const strictReversePath: Fault<{ node: string }> = {
  name: 'strict-reverse-path',
  summary: 'a node takes a packet only by the interface that it would answer by (rp_filter=1)',
  on: ({ node }) => ({ kind: 'sysctl', node, name: 'net.ipv4.conf.all.rp_filter', value: 1 }),
};

import { EVERY_NODE } from '../change/index.ts';
import type { Remedy } from './remedy.ts';

export const beLiberal: Remedy = {
  name: 'be-liberal',
  summary: 'nf_conntrack_tcp_be_liberal=1: a TCP segment outside the window is not INVALID',
  applies: 'every node, its network namespace',
  cost: 'conntrack no longer tells forged or stale segments from the connection’s own',
  why: { helps: 'stray segments keep their NAT', fails: 'only matters for INVALID packets' },
  breaks: { what: 'quiet connections that met a stray FIN', shownBy: 'liberal-fin' },
  requires: [],
  changes: () => [
    { kind: 'sysctl', node: EVERY_NODE, name: 'net.netfilter.nf_conntrack_tcp_be_liberal', value: 1 },
  ],
};

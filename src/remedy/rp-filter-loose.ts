import { EVERY_NODE } from '../change/index.ts';
import type { Remedy } from './remedy.ts';

export const rpFilterLoose: Remedy = {
  name: 'rp-filter-loose',
  summary:
    'rp_filter=2: a packet’s source must be reachable by some interface, not by the one that it came by',
  applies: 'every node: net.ipv4.conf.all.rp_filter; of it and the interface’s own the greater counts',
  cost: 'a forged source address of another interface’s network is no longer refused',
  why: { helps: 'either interface is accepted', fails: 'rp_filter drops nothing here' },
  breaks: { what: 'rules that go by a pod’s address', shownBy: 'forged-source' },
  requires: [],
  changes: () => [{ kind: 'sysctl', node: EVERY_NODE, name: 'net.ipv4.conf.all.rp_filter', value: 2 }],
};

import { RESOLVING } from './loads.ts';
import type { Remedy } from './remedy.ts';

export const corednsForward: Remedy = {
  name: 'coredns-forward',
  summary: 'prefer_udp: CoreDNS forwards upstream over UDP, even for queries that came over TCP',
  applies: 'CoreDNS, for the whole cluster: the plug-in `forward` in its Corefile',
  cost: 'an answer that is too long for a datagram is asked for once more, over TCP',
  why: { helps: 'fewer TCP entries upstream', fails: 'only CoreDNS’ own queries change' },
  requires: [RESOLVING],
  changes: () => [{ kind: 'coredns-forward', options: ['prefer_udp'] }],
};

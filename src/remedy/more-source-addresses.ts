import type { Remedy } from './remedy.ts';
import { instead, snatOf, timesThePods } from './sources.ts';
import { SOURCES } from './requirement.ts';

export const moreSourceAddresses: Remedy = {
  name: 'more-source-addresses',
  summary:
    'the same connections from more addresses, each with ports of its own: more pods, or a pool for SNAT',
  applies: 'the client’s Deployment, or each node that masquerades',
  cost: 'more pods, or more addresses of the node that peers must know and route',
  why: { helps: 'each address has its own ports', fails: 'ports are not what is missing' },
  requires: [SOURCES],
  changes: (protocol) => {
    const snat = snatOf(protocol);
    if (snat === undefined) return [{ kind: 'load', set: { scale: timesThePods(protocol) } }];
    // Only the lab knows these addresses: a cluster assigns other ranges than the embedded lab.
    return [instead(snat, (rule) => rule.replace('masquerade to :', () => 'snat to $spare_addresses:'))];
  },
};

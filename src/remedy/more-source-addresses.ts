import type { Remedy } from './remedy.ts';
import { instead, snatOf, timesThePods } from './sources.ts';

/** Of the node's pod network, and no pod's: routed to the node already. */
const SPARE = { first: 252, last: 254 } as const;

export const moreSourceAddresses: Remedy = {
  name: 'more-source-addresses',
  summary:
    'the same connections from more addresses, each with ports of its own: more pods, or a pool for SNAT',
  applies: 'the client’s Deployment, or each node that masquerades',
  cost: 'more pods, or more addresses of the node that peers must know and route',
  requires: ['sources'],
  changes: (protocol) => {
    const snat = snatOf(protocol);
    if (snat === undefined) return [{ kind: 'load', set: { scale: timesThePods(protocol) } }];
    const network = `10.244.${String(protocol.topology.nodes.indexOf(snat.node))}`;
    const pool = `${network}.${String(SPARE.first)}-${network}.${String(SPARE.last)}`;
    return [instead(snat, (rule) => rule.replace('masquerade to :', `snat to ${pool}:`))];
  },
};

import { EVERY_NODE } from '../change/index.ts';
import { headless } from './headless.ts';
import { loadWith } from './loads.ts';
import type { Remedy } from './remedy.ts';
import { POD_NETWORK } from '../util/address-plan.ts';

/** The port of pods behind a web service. */
const PORT = 8080;

export const notrack: Remedy = {
  name: 'notrack',
  summary:
    'traffic between pods and the web server’s own port is not tracked, and goes to the pods’ addresses',
  applies:
    'every node, before conntrack, and each client application: without tracking there is no service address',
  cost: 'no NAT and no `ct state` for this traffic: a service address in front of the same port stops working',
  why: { helps: 'this traffic needs no entry', fails: 'breaks services on the same port' },
  breaks: { what: 'services before the same port', shownBy: 'half-tracked' },
  requires: [loadWith('via')],
  changes: (protocol) => [
    ...headless.changes(protocol),
    {
      kind: 'nft',
      node: EVERY_NODE,
      hook: 'prerouting',
      priority: -300,
      rules: ['dport', 'sport'].map(
        (port) => `ip saddr ${POD_NETWORK} ip daddr ${POD_NETWORK} tcp ${port} ${String(PORT)} notrack`,
      ),
    },
  ],
};

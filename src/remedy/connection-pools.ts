import { KEPT_CONNECTIONS, keepalive } from './keepalive.ts';
import type { Remedy } from './remedy.ts';
import { CALLS } from './requirement.ts';

export const connectionPools: Remedy = {
  name: 'connection-pools',
  summary:
    'keepalive at every hop: the applications behind the first keep their connections to what they call, too',
  applies: 'each application that calls another, and the clients in front of them',
  cost: 'a pool in every application; a kept connection stays with its backend, and new backends get no traffic at first',
  why: { helps: 'every hop reuses its entries', fails: 'does not reach what fails' },
  breaks: KEPT_CONNECTIONS,
  requires: [CALLS],
  changes: (protocol) => [...keepalive.changes(protocol), { kind: 'calls', set: { reuse: true } }],
};

import { loadWith } from './loads.ts';
import type { Remedy } from './remedy.ts';

/** s. The kernel's smallest. Not stretched with the demand: the kernel's own timers send the probes. */
const IDLE = 1;

export const tcpKeepalive: Remedy = {
  name: 'tcp-keepalive',
  summary: 'clients set SO_KEEPALIVE, so that the kernel probes a quiet connection before its entry expires',
  applies: 'each client application, or its language’s default',
  cost: 'one packet per connection at each interval; a node that is asleep or a phone’s radio is woken',
  why: { helps: 'probes renew the entry', fails: 'no probe while data is unacknowledged' },
  requires: [loadWith('tcpKeepalive')],
  changes: () => [{ kind: 'load', set: { tcpKeepalive: IDLE } }],
};

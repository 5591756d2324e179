import { loadWith } from './loads.ts';
import type { Remedy } from './remedy.ts';

export const backoffWithJitter: Remedy = {
  name: 'backoff-with-jitter',
  summary: 'clients wait a random time of up to 40 s before they connect again',
  applies: 'each client application: its reconnect policy',
  cost: 'half the clients are without a connection for half that time and more, even where there is room for all',
  why: { helps: 'clients come back spread out', fails: 'clients do not come back at once' },
  requires: [loadWith('within')],
  changes: () => [{ kind: 'load', set: { within: 40 } }],
};

import { loadWith } from './loads.ts';
import type { Remedy } from './remedy.ts';

export const headless: Remedy = {
  name: 'headless',
  summary: 'applications go to the pods’ own addresses, which a headless service’s name stands for',
  applies:
    'each service (clusterIP: None), and each client application, which then has several addresses to choose from',
  cost: 'no address that stays: clients must ask the DNS again, and spread their requests themselves',
  why: { helps: 'clients need no service NAT', fails: 'still one entry per connection' },
  breaks: { what: 'requests to pods that are gone, for a record’s TTL', shownBy: 'stale-headless-dns' },
  requires: [loadWith('via')],
  changes: ({ demand }) =>
    demand.kind === 'simple-app' && demand.via === 'service' ? [{ kind: 'load', set: { via: 'pods' } }] : [],
};

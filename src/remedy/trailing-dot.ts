import { RESOLVING } from './loads.ts';
import type { Remedy } from './remedy.ts';

export const trailingDot: Remedy = {
  name: 'trailing-dot',
  summary: 'applications ask for `name.`, which is never searched for',
  applies: 'each client application',
  cost: 'every name in every configuration must change; some clients pass the dot on (HTTP Host, TLS SNI)',
  why: { helps: 'no search: 2 queries per lookup', fails: 'these names need the search' },
  requires: [RESOLVING],
  changes: ({ demand }) =>
    demand.kind === 'dns-client'
      ? [{ kind: 'load', set: { trailingDot: true } }]
      : [{ kind: 'calls', set: { trailingDot: true } }],
};

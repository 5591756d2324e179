import { RESOLVING } from './loads.ts';
import type { Remedy } from './remedy.ts';

export const trailingDot: Remedy = {
  name: 'trailing-dot',
  summary: 'applications ask for `name.`, which is never searched for',
  applies: 'each client application',
  cost: 'every name in every configuration is to be changed, and some clients send the dot on (HTTP Host, TLS SNI)',
  requires: [RESOLVING],
  changes: ({ demand }) =>
    demand.kind === 'dns-client'
      ? [{ kind: 'load', set: { trailingDot: true } }]
      : [{ kind: 'calls', set: { trailingDot: true } }],
};

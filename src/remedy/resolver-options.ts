import { ASKING_BOTH, RESOLVING } from './loads.ts';
import type { Remedy, Why } from './remedy.ts';

/** A remedy that is one option in the pods' resolv.conf (dnsConfig). */
function option(name: string, options: readonly string[], summary: string, cost: string, why: Why): Remedy {
  return {
    name,
    summary,
    applies: 'every pod: dnsConfig.options in its spec',
    cost,
    why,
    requires: [RESOLVING],
    changes: () => [{ kind: 'resolver', options: [...options] }],
  };
}

export const ndots2 = option(
  'ndots-2',
  ['ndots:2'],
  'ndots:2: a name with two dots or more is first looked up as it is',
  'names with fewer dots are searched for as before',
  { helps: 'fewer queries per lookup', fails: 'saves no query for these names' },
);

export const useVc = option(
  'use-vc',
  ['use-vc'],
  'use-vc: the resolver asks over TCP',
  'a TCP connection a name, whose entry stays in TIME_WAIT for 120 s',
  { helps: 'TCP resends what was lost', fails: 'TCP entries live even longer' },
);

const reopen = option(
  'single-request-reopen',
  ['single-request-reopen'],
  'single-request-reopen: A and AAAA from a socket each, one after the other',
  'twice the sockets, so twice the entries',
  { helps: 'A and AAAA no longer race', fails: 'twice the entries per lookup' },
);

export const singleRequestReopen: Remedy = {
  ...reopen,
  breaks: { what: 'more lookups in a full table', shownBy: 'dns-storm' },
  requires: [ASKING_BOTH],
  // A `dns-race` has no resolver, so its sockets change. The order stays: the second socket is the cure.
  changes: (protocol) =>
    protocol.demand.kind === 'dns-race'
      ? [{ kind: 'load', set: { sockets: 'each' } }]
      : reopen.changes(protocol),
};

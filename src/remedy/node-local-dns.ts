import { ASKING_DNS } from './loads.ts';
import type { Remedy, Why } from './remedy.ts';

/** A DNS cache on each node, with or without NOTRACK rules. */
function nodeLocal(name: string, notrack: boolean, summary: string, cost: string, why: Why): Remedy {
  return {
    name,
    summary,
    applies: 'every node, and every pod: the nameserver in its resolv.conf',
    cost,
    why,
    requires: [ASKING_DNS],
    changes: () => [{ kind: 'node-dns', notrack }],
  };
}

export const nodeLocalDns = nodeLocal(
  'node-local-dns',
  true,
  'a DNS cache on each node, whose traffic with the pods is not tracked (NOTRACK)',
  'a DaemonSet to run: some 20 MiB per node, and a node without DNS while its cache restarts',
  { helps: 'queries need no entry (NOTRACK)', fails: 'queries are not what fails' },
);

export const nodeLocalDnsTracked = nodeLocal(
  'node-local-dns-tracked',
  false,
  'the same DNS cache on each node without its NOTRACK rules',
  'the same, and an entry a socket as before: the cache answers sooner, and frees nothing',
  { helps: 'the node’s own cache answers', fails: 'still one entry per query' },
);

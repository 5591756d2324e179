import { availableParallelism } from 'node:os';
import { immediateOf, needsCluster, type Change } from '../../change/index.ts';
import { kindOf } from '../../load/index.ts';
import type { Protocol } from '../../schema/protocol.ts';
import type { LabEntry } from '../entry.ts';

function cannot(what: Protocol | Change): string | undefined {
  if (!('kind' in what)) {
    const needs = kindOf(what.demand).lab(what.demand);
    return needs?.cluster ? `${needs.why}: use --lab kind` : undefined;
  }
  const why = needsCluster(immediateOf(what));
  return why && `${why}, which needs a cluster: use --lab kind`;
}

/** Labs in which remedies are tried in parallel, given enough cores. */
const SIDE_BY_SIDE = 2;

/**
 * The embedded lab: network namespaces on this machine, with root or without. Its modules are loaded on use.
 */
export const netns: LabEntry = {
  name: 'netns',
  summary: 'embedded: network namespaces on this machine, with root or without',
  models:
    'nodes as kube-proxy leaves them in nftables mode: service NAT, no rule against INVALID, established 86400 s, close_wait 3600 s',
  realKubeProxy: false,
  squeeze: 'ballast',
  cannot,
  open: async (options) => {
    const { NetnsLab } = await import('./outside/netns-lab.ts');
    return NetnsLab.open(options);
  },
  // It takes about a second.
  teardown: {
    budgetMs: 30_000,
    overdue: 'a lab was not taken down within 30 s; it ends with this process',
  },
  // The squeeze `sysctl` holds the machine's limit throughout, so a second lab would never start.
  atOnce: (squeeze) => (squeeze === 'sysctl' ? 1 : Math.min(SIDE_BY_SIDE, availableParallelism())),
  preflight: async (squeeze) => {
    const { preflight } = await import('./outside/preflight.ts');
    return preflight(squeeze);
  },
  versions: () => Promise.resolve({}),
  checks: async () => {
    const { checks } = await import('./outside/preflight.ts');
    return checks();
  },
  rehearse: (write) => async (options) => {
    const { rehearseNetns } = await import('./outside/dry-run.ts');
    return rehearseNetns(write)(options);
  },
};

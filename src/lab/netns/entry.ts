import { availableParallelism } from 'node:os';
import type { LabEntry } from '../entry.ts';
import { rehearseNetns } from './dry-run.ts';
import { NetnsLab } from './netns-lab.ts';
import { checks, preflight } from './preflight.ts';

/** Remedies are tried in so many labs at once, where there are cores for them. */
const SIDE_BY_SIDE = 2;

/** The embedded lab: network namespaces on this machine, with root or without. */
export const netns: LabEntry = {
  name: 'netns',
  summary: 'embedded: network namespaces on this machine, with root or without',
  models:
    'nodes as kube-proxy leaves them in nftables mode: service NAT, no rule against INVALID, established 86400 s, close_wait 3600 s',
  realKubeProxy: false,
  squeeze: 'ballast',
  cannot: (what) =>
    'kind' in what && what.kind === 'coredns-forward'
      ? 'needs CoreDNS itself, which the lab kind has'
      : undefined,
  open: (options) => NetnsLab.open(options),
  // The squeeze `sysctl` holds the machine's limit from first to last: a second lab would wait for ever.
  atOnce: (squeeze) => (squeeze === 'sysctl' ? 1 : Math.min(SIDE_BY_SIDE, availableParallelism())),
  preflight,
  checks,
  rehearse: rehearseNetns,
};

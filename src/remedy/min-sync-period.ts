import type { Remedy } from './remedy.ts';

/** Its default is 1 s, in both modes. */
const PERIOD = '20s';

export const minSyncPeriod: Remedy = {
  name: 'min-sync-period',
  summary: 'kube-proxy programs changes at most every 20 s (iptables.minSyncPeriod; its default is 1 s)',
  applies: 'the whole cluster: the ConfigMap kube-proxy, then a restart of its pods',
  cost: 'a change of endpoints waits for up to that long, on every node: traffic goes on to pods that are gone',
  why: { helps: 'fewer scans of the table', fails: 'each update still costs as much' },
  breaks: { what: 'changes of endpoints are up to 20 s late', shownBy: 'udp-cleanup-storm' },
  requires: [],
  changes: () => [
    {
      kind: 'kube-proxy',
      set: { iptables: { minSyncPeriod: PERIOD }, nftables: { minSyncPeriod: PERIOD } },
    },
  ],
};

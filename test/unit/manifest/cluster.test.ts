import { describe, expect, it } from 'vitest';
import { daemonSet, remedyOf, reportOf, SATURATE } from './given.ts';

const CLUSTER = { cluster: true, squeeze: 'sysctl' } as const;
const LIBERAL = 'net.netfilter.nf_conntrack_tcp_be_liberal';

describe('a manifest for a cluster', () => {
  it('is applied as it is: its containers run', () => {
    const text = daemonSet(`sysctl -w ${LIBERAL}=1`);
    expect(remedyOf(text, CLUSTER).changes(SATURATE)).toEqual([
      { kind: 'manifest', objects: [expect.objectContaining({ kind: 'DaemonSet' })] },
    ]);
    expect(reportOf(text, SATURATE, CLUSTER)).toMatchObject({
      how: 'applied',
      lines: ['DaemonSet kube-system/tune: as it is'],
      gaps: [],
    });
  });

  it('has its maximum raised by the lab, which a node of kind can’t', () => {
    const text = daemonSet('sysctl -w net.netfilter.nf_conntrack_max=5000');
    expect(remedyOf(text, CLUSTER).changes(SATURATE, { limit: 1200, free: 0 })).toMatchObject([
      { kind: 'manifest' },
      { kind: 'limit', add: 3800 },
    ]);
    expect(reportOf(text, SATURATE, CLUSTER).lines[1]).toMatch(/instead of 1200, by the lab: a node of kind/);
  });

  it('is merged into the cluster’s own where it is kube-proxy’s configuration, in one restart', () => {
    const text = `apiVersion: v1
kind: ConfigMap
metadata: { name: kube-proxy, namespace: kube-system }
data:
  config.conf: |
    mode: nftables
    clientConnection: {}
    conntrack: { maxPerCore: 0, tcpBeLiberal: true }
`;
    expect(remedyOf(text, CLUSTER).changes(SATURATE)).toEqual([
      { kind: 'kube-proxy', set: { mode: 'nftables', conntrack: { tcpBeLiberal: true } } },
    ]);
  });

  it('keeps pods’ DNS a translation: the demand’s pods are the lab’s', () => {
    const text =
      'apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec:\n  containers: [{ name: app, image: mine }]\n  dnsConfig: { options: [{ name: use-vc }] }\n';
    expect(reportOf(text, SATURATE, CLUSTER).how).toBe('translated');
  });
});

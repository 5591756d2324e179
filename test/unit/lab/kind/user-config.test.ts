import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import saturate from '../../../../scenarios/saturate.ts';
import { kindLab } from '../../../../src/lab/kind/entry.ts';
import { completed, kindConfig } from '../../../../src/lab/kind/outside/cluster/cluster-config.ts';
import { conflictOf } from '../../../../src/lab/kind/outside/cluster/kept-clusters.ts';
import { readKindConfig } from '../../../../src/lab/kind/user-config.ts';

const HEAD = 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n';
const THREE = `${HEAD}name: theirs
nodes:
  - role: control-plane
  - role: worker
    labels: { zone: a }
    extraMounts: [{ hostPath: /tmp, containerPath: /data }]
  - role: worker
networking: { kubeProxyMode: nftables, serviceSubnet: 10.100.0.0/16 }
featureGates: { SomeGate: true }
kubeadmConfigPatches:
  - "kind: KubeProxyConfiguration\\nconntrack: { tcpBeLiberal: true }\\n"
---
apiVersion: v1
kind: ConfigMap
metadata: { name: cni, namespace: kube-system }
`;

describe('a cluster of the user’s own shape', () => {
  it('keeps what the file says, with tablefull’s name and labels, which are said', () => {
    const user = readKindConfig(THREE, 'ours.yaml');
    expect([user.workers, user.objects.length]).toEqual([2, 1]);
    const config = parse(kindConfig('tablefull-1', 2, { user }, { bare: false })) as Record<string, unknown>;
    expect(config).toMatchObject({
      name: 'tablefull-1',
      networking: { kubeProxyMode: 'nftables', serviceSubnet: '10.100.0.0/16' },
      featureGates: { SomeGate: true },
      kubeadmConfigPatches: [expect.stringContaining('tcpBeLiberal') as string],
      nodes: [
        { role: 'control-plane', labels: { 'tablefull.lab/cluster': 'tablefull-1' } },
        {
          role: 'worker',
          labels: { zone: 'a', 'tablefull.lab/cluster': 'tablefull-1' },
          extraMounts: [{ hostPath: '/tmp', containerPath: '/data' }],
        },
        { role: 'worker' },
      ],
    });
    expect(completed({ user }, { name: 'tablefull-1', bare: false })).toEqual([
      'ours.yaml: tablefull sets the name tablefull-1, and the label tablefull.lab/cluster of each node',
      'ours.yaml: the name theirs is not used',
      'ours.yaml: applying ConfigMap kube-system/cni',
    ]);
  });

  it('has as many workers as the scenario needs where the file names no nodes', () => {
    const user = readKindConfig(HEAD, 'ours.yaml');
    const { nodes } = parse(kindConfig('t', 3, { user }, { bare: true })) as { nodes: object[] };
    expect(nodes).toHaveLength(4);
  });

  it.each([
    ['no configuration', 'apiVersion: v1\nkind: Pod\n', 'it needs one document with kind: Cluster'],
    ['an unknown role', `${HEAD}nodes: [{ role: master }]\n`, 'nodes.0.role'],
    ['two control planes', `${HEAD}nodes: [{}, {}]\n`, 'give the others the role worker'],
    ['two images', `${HEAD}nodes: [{ image: a }, { role: worker, image: b }]\n`, 'one image for all nodes'],
    ['IPv6', `${HEAD}networking: { ipFamily: ipv6 }\n`, 'a lab has ipv4'],
    ['another pod network', `${HEAD}networking: { podSubnet: 10.0.0.0/8 }\n`, 'leave it out'],
    ['no kube-proxy', `${HEAD}networking: { kubeProxyMode: none }\n`, 'kube-proxy programs a lab’s services'],
    [
      'a maximum that no node can write',
      `${HEAD}kubeadmConfigPatches: ["conntrack:\\n  maxPerCore: 32768\\n"]\n`,
      'leave it out, or 0',
    ],
  ])('is refused in one line with the fix: %s', (_, text, fix) => {
    expect(() => readKindConfig(text, 'ours.yaml')).toThrow(/^ours\.yaml: [^\n]+$/);
    expect(() => readKindConfig(text, 'ours.yaml')).toThrow(fix);
  });

  it('skips a scenario that needs more workers, with the reason', async () => {
    const one = `${HEAD}nodes: [{ role: control-plane }, { role: worker }]\n`;
    const lab = await kindLab({ reuse: undefined, settings: {} }).shaped?.(one, 'ours.yaml');
    const protocol = saturate.protocol({}, { kernel: [6, 18], squeeze: 'ballast', privileged: true });
    expect(lab?.cannot(protocol)).toMatch(/^needs 3 workers, and ours\.yaml has 1: add nodes/);
  });

  it('excludes options that say the same', () => {
    const user = readKindConfig(THREE, 'ours.yaml');
    expect(conflictOf({ workers: 2 }, { user })).toBe(
      '--workers and nodes of ours.yaml exclude each other: give one of them',
    );
    expect(conflictOf({ proxyMode: 'iptables' }, { user })).toContain('networking.kubeProxyMode');
    expect(conflictOf({ conntrack: { min: 0 } }, { user })).toContain('kubeadmConfigPatches');
    expect(conflictOf({ kubeProxy: '1.32.2' }, { user })).toBeUndefined();
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { SCENARIOS } from '../../../../scenarios/index.ts';
import { cannot } from '../../../../src/lab/kind/abilities.ts';
import { kindVersionCheck } from '../../../../src/lab/kind/outside/checks.ts';
import {
  kindConfig,
  OWN_KUBE_PROXY,
  OWN_LABEL,
  workerNames,
} from '../../../../src/lab/kind/outside/cluster/cluster-config.ts';
import {
  agentObjects,
  deploymentObject,
  serviceObjects,
  sleepingPod,
} from '../../../../src/lab/kind/outside/workloads/manifests.ts';
import { nodesOf } from '../../../../src/change/index.ts';
import { layoutOf } from '../../../../src/lab/kind/layout.ts';
import { otherKubeProxy } from '../../../../src/lab/kind/outside/cluster/other-kube-proxy.ts';
import { conflist, routesOf } from '../../../../src/lab/kind/outside/cluster/pod-network.ts';
import { foundPods, placedPods } from '../../../../src/lab/kind/outside/workloads/placed-pods.ts';
import { ENVIRONMENT } from '../../support/environment.ts';

const WORKERS = workerNames('mine', 3);
const protocolOf = (name: string) => {
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(name);
  return scenario.protocol({}, { ...ENVIRONMENT, squeeze: 'sysctl' });
};

describe('the configuration of a cluster', () => {
  it('labels every node as one of tablefull’s, and names the mode and the conntrack settings of kube-proxy', () => {
    const settings = { proxyMode: 'nftables', conntrack: { maxPerCore: 0, tcpBeLiberal: true } } as const;
    const config = parse(kindConfig('mine', 2, settings, { bare: true })) as Record<string, unknown>;
    expect(config).toMatchObject({
      kind: 'Cluster',
      networking: { kubeProxyMode: 'nftables', disableDefaultCNI: true },
      nodes: ['control-plane', 'worker', 'worker'].map((role) => ({ role, labels: { [OWN_LABEL]: 'mine' } })),
    });
    const [patch] = config.kubeadmConfigPatches as readonly string[];
    expect(parse(patch ?? '')).toMatchObject({
      kind: 'KubeProxyConfiguration',
      conntrack: { maxPerCore: 0, tcpBeLiberal: true },
    });
  });

  it('leaves to kind what was not asked for', () => {
    expect(parse(kindConfig('mine', 1, {}, { bare: false }))).toMatchObject({ networking: {} });
    expect(parse(kindConfig('mine', 1, {}, { bare: false }))).not.toHaveProperty('kubeadmConfigPatches');
    expect(kindConfig('mine', 1, {}, { bare: false })).not.toContain('extraMounts');
  });

  it('puts another kube-proxy on every node, and over the image’s own', () => {
    const config = parse(
      kindConfig('mine', 1, {}, { bare: false, kubeProxy: '/cache/kube-proxy' }),
    ) as object;
    const mount = { hostPath: '/cache/kube-proxy', containerPath: OWN_KUBE_PROXY, readOnly: true };
    expect(config).toMatchObject({ nodes: [{ extraMounts: [mount] }, { extraMounts: [mount] }] });
    expect(otherKubeProxy()).toMatchObject({
      metadata: { name: 'kube-proxy', namespace: 'kube-system' },
      spec: {
        template: {
          spec: {
            containers: [{ volumeMounts: [{ mountPath: '/usr/local/bin/kube-proxy' }] }],
            volumes: [{ hostPath: { path: OWN_KUBE_PROXY } }],
          },
        },
      },
    });
  });

  it('names the workers as kind does', () => {
    expect(WORKERS).toEqual(['mine-worker', 'mine-worker2', 'mine-worker3']);
  });
});

describe('the pod network of a node image without a CNI', () => {
  const nodes = [1, 2, 3].map((n) => ({
    name: `n${String(n)}`,
    ip: `172.18.0.${String(n)}`,
    podCidr: `10.244.${String(n)}.0/24`,
  }));

  it('routes the other nodes’ pods through them, and not the own', () => {
    const [first] = nodes;
    if (first === undefined) throw new Error();
    expect(routesOf(first, nodes)).toBe(
      'route replace 10.244.2.0/24 via 172.18.0.2\nroute replace 10.244.3.0/24 via 172.18.0.3\n',
    );
  });

  it('gives pods addresses of the node’s own range', () => {
    expect(JSON.parse(conflist('10.244.2.0/24'))).toMatchObject({
      plugins: [{ type: 'ptp', ipam: { ranges: [[{ subnet: '10.244.2.0/24' }]] } }, { type: 'portmap' }],
    });
  });
});

describe('the agent', () => {
  const objects = agentObjects('tablefull-1', 'tablefull/workload:abc', '/app/src/guardian.ts');
  const daemonSet = objects.find(({ kind }) => kind === 'DaemonSet') as unknown as {
    spec: { template: { spec: Record<string, unknown> & { containers: Record<string, unknown>[] } } };
  };

  it('is what manifests/agent.yaml says, in the run’s namespace and of its image', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../../manifests/agent.yaml'), 'utf8');
    const kinds = parseAllDocuments(text).map((document) => (document.toJS() as { kind: string }).kind);
    expect(objects.map(({ kind }) => kind)).toEqual(kinds);
    const namespaces = objects.map(({ kind, metadata }) =>
      kind === 'Namespace' ? metadata?.name : metadata?.namespace,
    );
    expect(new Set(namespaces)).toEqual(new Set(['tablefull-1']));
    expect(daemonSet.spec.template.spec.containers).toMatchObject([
      { image: 'tablefull/workload:abc', command: ['/bin/node', '--no-warnings', '/app/src/guardian.ts'] },
    ]);
  });

  it('has privileges on its node and no rights at the API server', () => {
    expect(daemonSet.spec.template.spec).toMatchObject({
      hostNetwork: true,
      hostPID: true,
      containers: [{ securityContext: { privileged: true } }],
    });
    expect(objects.filter(({ kind }) => kind.includes('Role'))).toEqual([]);
    expect(objects).toContainEqual(
      expect.objectContaining({ kind: 'ServiceAccount', automountServiceAccountToken: false }),
    );
  });
});

describe('a scenario’s pods and services on a cluster', () => {
  const protocol = protocolOf('saturate');
  const placed = placedPods(protocol, WORKERS);

  it('are a Deployment a set and node, pinned to it, and a Service each', () => {
    const objects = [
      ...placed.map((each) => deploymentObject('ns', each, sleepingPod('image', each.set))),
      ...serviceObjects('ns', protocol),
    ];
    const named = objects.map(({ kind, metadata }) => `${kind} ${metadata?.name ?? ''}`);
    expect(named).toEqual([
      'Deployment simple-app-worker-1',
      'Deployment canary-worker-1',
      'Deployment server-worker-2',
      'Deployment server-worker-3',
      'Service web',
      'Service echo',
    ]);
    expect(objects[2]).toMatchObject({
      spec: {
        replicas: 1,
        template: { spec: { nodeSelector: { 'kubernetes.io/hostname': 'mine-worker2' } } },
      },
    });
    expect(objects[4]).toMatchObject({
      spec: { selector: { 'tablefull.lab/set': 'server' }, ports: [{ port: 80, targetPort: 8080 }] },
    });
  });

  it('are named as the embedded lab names them, in the order of their addresses', () => {
    const pod = (set: string, node: string, podIP: string) => ({
      metadata: { labels: { 'tablefull.lab/set': set, 'tablefull.lab/node': node } },
      status: { podIP },
    });
    const pods = [
      pod('canary', 'worker-1', '10.244.1.9'),
      pod('canary', 'worker-1', '10.244.1.3'),
      pod('server', 'worker-2', '10.244.2.2'),
      pod('server', 'worker-3', '10.244.3.2'),
    ];
    expect(foundPods(pods, placed)).toEqual([
      { name: 'canary-0', set: 'canary', node: 'worker-1', ip: '10.244.1.3' },
      { name: 'canary-1', set: 'canary', node: 'worker-1', ip: '10.244.1.9' },
      { name: 'server-worker-2-0', set: 'server', node: 'worker-2', ip: '10.244.2.2' },
      { name: 'server-worker-3-0', set: 'server', node: 'worker-3', ip: '10.244.3.2' },
    ]);
  });
});

describe('what a cluster can’t show yet', () => {
  it.each([
    'saturate',
    'boom',
    'reconnect-storm',
    'time-wait',
    'early-drop',
    'noisy-neighbour',
    'ghost-connections',
    'deplete',
    'saturate-k6',
    'crash-loop',
    'dns-storm',
    'dns-race',
    'request-fanout',
    'stale-headless-dns',
  ])('is not %s', (name) => {
    expect(cannot(protocolOf(name))).toBeUndefined();
  });

  it.each(['rp-filter'])('is %s, for a reason that is named', (name) => {
    expect(cannot(protocolOf(name))).toMatch(/is not supported on --lab kind yet$/);
  });
});

it('a change of pods’ sysctls is made on the nodes that have those pods', () => {
  const protocol = protocolOf('saturate');
  const change = {
    kind: 'pod-sysctl',
    pods: 'simple-app',
    name: 'net.ipv4.tcp_tw_reuse',
    value: '1',
  } as const;
  expect(nodesOf(change, layoutOf(protocol))).toEqual(['worker-1']);
});

describe('the kind that is found', () => {
  it.each([
    ['kind v0.33.0 go1.26.8 linux/amd64', 'ok', '0.33.0 at /bin/kind'],
    ['kind v1.0.0-alpha go1.30 linux/amd64', 'ok', '1.0.0-alpha at /bin/kind'],
    ['kind v0.22.0 go1.20 linux/amd64', 'limited', '0.22.0 at /bin/kind'],
    ['another program', 'limited', 'of unknown version at /bin/kind'],
  ])('%s: %s', (printed, status, found) => {
    expect(kindVersionCheck('/bin/kind', printed)).toMatchObject({ status, found });
  });
});

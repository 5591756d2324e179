import { stringify } from 'yaml';
import { NOBODY } from './changes/selections.ts';
import { NODE_DNS } from '../../../agent/network.ts';
import { DROP_NOTRACK_RULES, LINK_LINES, NOTRACK_RULES } from '../../../agent/node-dns-parts.ts';
import type { Hosts } from '../../../agent/hosts.ts';
import type { Done } from '../../../change/done.ts';
import { restorable } from '../../../change/restorable.ts';
import type { ChangeOf, LabChanges, Layout } from '../../../change/index.ts';
import { hereDocument, type Trace } from '../../../host/traced.ts';
import type { Protocol } from '../../../schema/protocol.ts';
import { layoutOf } from '../layout.ts';
import { cacheCorefile } from '../corefile.ts';
import { nameOf } from './api/objects.ts';
import { workedNodes } from '../placement.ts';
import { sysctlLines } from './changes/sysctl-daemonset.ts';
import { CLUSTER } from '../../../change/places.ts';

/** Stands for a run's namespace, whose name is random. */
export const NAMESPACE = 'tablefull-RUN';

/** A command on the run's namespace. */
export function kubectl(words: string): string {
  return `kubectl -n ${NAMESPACE} ${words}`;
}

/** What the dry run of a change knows. */
interface Dry {
  readonly topology: Protocol['topology'];
  readonly layout: Layout;
  /** The nodes under test. */
  readonly nodes: readonly string[];
  readonly hosts: Hosts;
  readonly trace: Trace;
}

/** Traces what a cluster does through its API server, then on its nodes. */
export function dryCluster(protocol: Protocol, hosts: Hosts, trace: Trace): LabChanges {
  const { topology } = protocol;
  const dry: Dry = { topology, layout: layoutOf(protocol), nodes: workedNodes(topology), hosts, trace };
  const selected = new Map(Object.entries(topology.services).map(([name, { pods }]) => [name, pods]));
  return {
    endpoints: (change) => endpoints(change, selected, dry),
    resolver: (change) => resolver(change, dry),
    'node-dns': (change) => nodeDns(change, dry),
    'kube-proxy': (change) => kubeProxy(change, dry),
    'record-ttl': ({ seconds }) =>
      corefile(`ttl ${String(seconds)} instead of ${String(topology.recordTtl)}`, dry),
    'coredns-forward': ({ options }) => corefile(`forward . BEFORE { ${options.join('; ')} }`, dry),
    manifest: (change) => manifest(change, dry),
    'sysctl-daemonset': (change) => sysctlDaemonSet(change, dry),
  };
}

/** A change of which there is nothing to read. */
function made(make: () => unknown, undo: () => unknown): Promise<Done> {
  return restorable([{ name: CLUSTER, read: () => '', make, restore: undo }]);
}

/** Where something is done, and what. */
type Line = readonly [where: string, ...lines: readonly string[]];

/** A change that only traces lines. */
function traced(make: readonly Line[], undo: readonly Line[], { trace }: Dry): Promise<Done> {
  const each = (lines: readonly Line[]) => (): void => {
    for (const line of lines) trace(...line);
  };
  return made(each(make), each(undo));
}

/** @param selected the set of pods that each service selects */
function endpoints(
  { service, pods = NOBODY, grace }: ChangeOf<'endpoints'>,
  selected: Map<string, string>,
  { layout, trace }: Dry,
): Promise<Done> {
  const before = selected.get(service) ?? '';
  const leaving = before === pods ? [] : layout.ofPods(before);
  const select = (set: string): void => {
    selected.set(service, set);
    const patch = kubectl(
      `patch service ${service} -p '{"spec":{"selector":{"tablefull.lab/set":"${set}"}}}'`,
    );
    trace(CLUSTER, `${patch}, then wait for every node’s kube-proxy`);
  };
  const onEach = (line: string): void => {
    for (const node of leaving) trace(node, `${line}, for each pod of ${before}`);
  };
  return made(
    () => {
      select(pods);
      onEach(`${String(grace)} s later: ip route replace blackhole IP/32`);
    },
    () => {
      onEach('ip route replace IP/32 dev LINK');
      select(before);
    },
  );
}

function resolver({ options }: ChangeOf<'resolver'>, dry: Dry): Promise<Done> {
  const changed = `the kubelet’s resolv.conf of a pod with dnsConfig options ${options.join(' ')}, bound over every pod’s /etc/resolv.conf`;
  const onEach = (line: string): readonly Line[] => dry.layout.lookingUp.map((node) => [node, line]);
  return traced(onEach(changed), onEach('the previous resolv.conf, bound again'), dry);
}

function nodeDns({ notrack }: ChangeOf<'node-dns'>, { nodes, hosts, trace }: Dry): Promise<Done> {
  return made(
    async () => {
      for (const node of nodes) await hosts.get(node).ip(LINK_LINES.up);
      const what = 'apply -f - # a CoreDNS on every node’s network';
      trace(CLUSTER, kubectl(hereDocument(what, cacheCorefile('KUBE-DNS'))));
      for (const node of nodes) if (notrack) await hosts.get(node).nft(NOTRACK_RULES);
      for (const node of nodes) trace(node, `nameserver ${NODE_DNS} in every pod’s /etc/resolv.conf`);
    },
    async () => {
      for (const node of nodes) trace(node, 'the previous nameserver');
      for (const node of nodes) if (notrack) await hosts.get(node).nft(DROP_NOTRACK_RULES);
      trace(CLUSTER, kubectl('delete pods -l tablefull.lab/side=node-cache'));
      for (const node of nodes) await hosts.get(node).ip(LINK_LINES.down);
    },
  );
}

function kubeProxy({ set }: ChangeOf<'kube-proxy'>, dry: Dry): Promise<Done> {
  const restart = `kubectl -n kube-system delete pods -l k8s-app=kube-proxy, on ${dry.nodes.join(' ')}`;
  const configured = (what: string): Line => [
    CLUSTER,
    `kubectl -n kube-system edit configmap kube-proxy: ${what}`,
    restart,
  ];
  return Object.keys(set).length === 0
    ? traced([[CLUSTER, restart]], [], dry)
    : traced([configured(JSON.stringify(set))], [configured('as before')], dry);
}

function corefile(line: string, dry: Dry): Promise<Done> {
  const where = dry.layout.ofDns.join(' ');
  return traced(
    [[CLUSTER, `a ConfigMap with ${line}, and CoreDNS with it on ${where}; the service selects them`]],
    [[CLUSTER, 'the service selects its previous pods', kubectl('delete pods -l tablefull.lab/side')]],
    dry,
  );
}

function manifest({ objects }: ChangeOf<'manifest'>, dry: Dry): Promise<Done> {
  const apply = 'kubectl apply --server-side --force-conflicts -f -';
  const remove = 'kubectl delete, or replace by what was there';
  return traced(
    [
      ...objects.map((object): Line => [CLUSTER, hereDocument(apply, stringify(object).trimEnd())]),
      [CLUSTER, `then wait for their rollout, and for what changes on ${dry.nodes.join(' ')}`],
    ],
    [
      ...objects.toReversed().map((object): Line => [CLUSTER, `${remove}: ${nameOf(object)}`]),
      ...dry.nodes.map((node): Line => [node, 'every sysctl that changed = BEFORE']),
    ],
    dry,
  );
}

function sysctlDaemonSet({ sysctls }: ChangeOf<'sysctl-daemonset'>, dry: Dry): Promise<Done> {
  const before = Object.keys(sysctls).map((name) => `sysctl -w ${name}=BEFORE`);
  const object = hereDocument('apply -f - # a DaemonSet', sysctlLines(sysctls).join('\n'));
  return traced(
    [[CLUSTER, kubectl(object)]],
    [
      [CLUSTER, kubectl('delete daemonset sysctl-daemonset')],
      ...dry.nodes.map((node): Line => [node, ...before]),
    ],
    dry,
  );
}

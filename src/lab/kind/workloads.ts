import type { V1Pod } from '@kubernetes/client-node';
import type { HistoryEvent } from '../../run/history.ts';
import type { Protocol } from '../../scenario/protocol.ts';
import type { LabOptions } from '../lab.ts';
import type { Found } from './agent-rpc.ts';
import { AgentLink } from './agents.ts';
import type { Cluster } from './cluster.ts';
import { ClusterDns } from './cluster-dns.ts';
import { dnsConfigOf, dnsSpec, domainOf, OUTSIDE, outsideNode, type DnsConfig } from './dns-config.ts';
import {
  AGENT_LABEL,
  agentObjects,
  deploymentName,
  deploymentObject,
  serviceObjects,
  SET_LABEL,
  sleepingPod,
  type Placed,
  type PodSpec,
} from './manifests.ts';
import { appProgram, loadWorkloadImage } from './workload-image.ts';

/** kind's own, unless its configuration says otherwise. */
const POD_NETWORK = '10.244.0.0/16';
const READY_MS = 120_000;
const GONE_MS = 60_000;

type Undo = (what: string, work: () => Promise<void>) => void;

export interface Deployed {
  readonly agents: readonly AgentLink[];
  readonly found: Omit<Found, 'own'>;
  /** Undefined where the topology has no DNS. */
  readonly dns: ClusterDns | undefined;
  /** What its pods are told of DNS; undefined where the topology does not say. */
  readonly told: DnsConfig | undefined;
  /** The image of the pods under test. */
  readonly image: string;
  /** The nodes by the scenario's names of them, with their names in the cluster. */
  readonly nodes: ReadonlyMap<string, string>;
}

/**
 * Puts a scenario's pods and services on a cluster, and the agents beside them.
 *
 * @param stays the cluster outlives the run: what is put on it is taken away again
 */
export async function deploy({
  cluster,
  namespace,
  stays,
  protocol,
  undo,
  sink,
  say,
  signal,
}: LabOptions & { cluster: Cluster; namespace: string; stays: boolean; undo: Undo }): Promise<Deployed> {
  const { api, workers } = cluster;
  const within = AbortSignal.any([signal, AbortSignal.timeout(READY_MS)]);
  const image = await loadWorkloadImage(workers, say, within);
  const bareNodes = await api.bareNodes(workers.length + 1, within);
  const placed = placedPods(protocol, workers);
  if (stays)
    undo(`the namespace ${namespace} still stands`, () =>
      api.deleteNamespace(namespace, AbortSignal.timeout(GONE_MS)),
    );
  await api.create(agentObjects(namespace, image, appProgram('guardian')));
  await api.create(serviceObjects(namespace, protocol));
  const services = await api.serviceAddresses(namespace);
  const dns = await ClusterDns.of(api, namespace, protocol, services);
  if (dns !== undefined) await api.create(dns.objects());
  const told = dns && dnsConfigOf(protocol.topology, dns.address);
  const specOf = ({ set }: Placed): PodSpec => {
    if (set === dns?.set) return dns.podSpec();
    return { ...sleepingPod(image, set), ...(told && set !== OUTSIDE && dnsSpec(told)) };
  };
  await api.create(placed.map((each) => deploymentObject(namespace, each, specOf(each))));
  const count = workers.length + placed.reduce((sum, { replicas }) => sum + replicas, 0);
  say(`waiting for ${String(count)} pods`);
  const pods = await api.podsReady(namespace, count, within);
  const hostnames = new Map(placesOf(protocol, workers).map(([node, hostname]) => [hostname, node]));
  const found = {
    nodes: bareNodes.flatMap((node) => {
      const name = hostnames.get(node.name);
      return name === undefined ? [] : [{ ...node, name }];
    }),
    pods: foundPods(pods, placed),
    services: Object.fromEntries(services),
    podNetwork: POD_NETWORK,
    domain: domainOf(namespace),
    apiServer: (await api.serviceAddresses('default')).get('kubernetes') ?? '',
    nameserver: dns?.address ?? '',
  };
  const onEvents = (events: readonly HistoryEvent[]): void => {
    for (const event of events) sink(event);
  };
  const agents = await Promise.all(
    pods.flatMap(({ metadata, spec }) => {
      const node = hostnames.get(spec?.nodeName ?? '');
      if (metadata?.labels?.[AGENT_LABEL] !== 'agent' || node === undefined) return [];
      const command = agentCommand();
      return [AgentLink.open({ api, namespace, pod: metadata.name ?? '', node, command }, onEvents, signal)];
    }),
  );
  undo('a node is not as it was', async () => {
    await Promise.all(agents.map((agent) => agent[Symbol.asyncDispose]()));
  });
  return { agents, found, dns, told, image, nodes: new Map(placesOf(protocol, workers)) };
}

/** Each node of a topology, with its name in the cluster. */
function placesOf({ topology }: Protocol, workers: readonly string[]): [node: string, hostname: string][] {
  return topology.nodes.map((node, i) => [node, workers[i] ?? '']);
}

/** The process that works a node: with mounts of its own, for the names that it gives to namespaces. */
function agentCommand(): readonly string[] {
  return [
    '/bin/unshare',
    '--mount',
    '--propagation',
    'private',
    '/bin/node',
    '--no-warnings',
    appProgram('node-agent'),
  ];
}

/** Every set of pods by the nodes that it is on. */
export function placedPods(
  { topology }: Pick<Protocol, 'topology'>,
  workers: readonly string[],
): readonly Placed[] {
  const hostnameOf = (node: string): string => workers[topology.nodes.indexOf(node)] ?? '';
  const outside = outsideNode(topology);
  const beyond =
    outside === undefined
      ? []
      : [{ set: OUTSIDE, node: outside, hostname: hostnameOf(outside), replicas: 1 }];
  const own = Object.entries(topology.pods).flatMap(([set, { replicas, nodes, hostNetwork, asymmetric }]) => {
    if (hostNetwork === true || asymmetric === true)
      throw new Error(
        `topology.pods.${set}: pods on the host’s network, and asymmetric ones, are not to be had in the lab kind yet`,
      );
    return nodes.map((node) => ({ set, node, hostname: hostnameOf(node), replicas }));
  });
  return [...own, ...beyond];
}

/** The pods as the scenario names them: those of a Deployment in the order of their addresses. */
export function foundPods(
  pods: readonly Pick<V1Pod, 'metadata' | 'status'>[],
  placed: readonly Placed[],
): Found['pods'] {
  return placed.flatMap(({ set, node }) => {
    const name = deploymentName({ set, node });
    const several = placed.filter((other) => other.set === set).length > 1;
    return pods
      .filter(
        ({ metadata }) =>
          metadata?.labels?.[SET_LABEL] === set && metadata.labels['tablefull.lab/node'] === node,
      )
      .map(({ status }) => status?.podIP ?? '')
      .sort()
      .map((ip, i) => ({ name: `${several ? name : set}-${String(i)}`, set, node, ip }));
  });
}

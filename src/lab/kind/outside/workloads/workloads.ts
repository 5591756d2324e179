import type { V1Pod } from '@kubernetes/client-node';
import { imageFor, immediateOf } from '../../../../change/index.ts';
import type { HistoryEvent } from '../../../../schema/history.ts';
import { k6Loads, type Protocol } from '../../../../schema/protocol.ts';
import { podName, type Topology } from '../../../../schema/topology.ts';
import type { LabOptions } from '../../../lab.ts';
import { targetPortOf } from '../../../../server/apps.ts';
import { named, settled } from '../../../../util/settled.ts';
import type { Found } from '../../agent-rpc.ts';
import { AgentLink } from '../agents.ts';
import { carriedBy } from './k6-job.ts';
import { nodesOf, type Cluster } from '../cluster/cluster.ts';
import { POD_NETWORK } from '../../../../util/address-plan.ts';
import { deleteRun } from '../cluster/delete-run.ts';
import { controlPlaneOf, setsOf, workedNodes } from '../../placement.ts';
import { ClusterDns } from '../dns/cluster-dns.ts';
import { dnsConfigOf, dnsSpec, domainOf, OUTSIDE, outsideNode, type DnsConfig } from '../../dns-config.ts';
import { findNodeLocal } from '../dns/node-local-image.ts';
import {
  AGENT_LABEL,
  agentObjects,
  deploymentObject,
  jobObject,
  serviceObjects,
  servingPod,
  SET_LABEL,
  sleepingPod,
  type Placed,
  type PodSpec,
} from './manifests.ts';
import { loadToolImage } from '../images/tool-image.ts';
import { appProgram, loadWorkloadImage } from '../images/workload-image.ts';

/** Program and port of the crashing pods. */
const BOOM = { program: appProgram('server/boom-pod'), port: targetPortOf({ app: 'boom-pod' }) };
const READY_MS = 120_000;
const GONE_MS = 60_000;

type Undo = (what: string, work: () => Promise<void>) => void;

export interface Deployed {
  readonly agents: readonly AgentLink[];
  readonly found: Omit<Found, 'own'>;
  /** Undefined where the topology has no DNS. */
  readonly dns: ClusterDns | undefined;
  /** DNS settings of its pods; undefined where the topology sets none. */
  readonly told: DnsConfig | undefined;
  /** The image of NodeLocal DNSCache, if a change may need it and the nodes have it or could pull it. */
  readonly nodeLocal: string | undefined;
  /** The image of the pods under test. */
  readonly image: string;
  /** Names in the cluster, by the scenario's node names. */
  readonly nodes: ReadonlyMap<string, string>;
}

/**
 * Deploys a scenario's pods and services, and the agents.
 *
 * @param stays the cluster outlives the run, so what is deployed is deleted again
 */
export async function deploy({
  cluster,
  namespace,
  stays,
  protocol,
  changes,
  undo,
  onLeft,
  sink,
  say,
  signal,
}: LabOptions & { cluster: Cluster; namespace: string; stays: boolean; undo: Undo }): Promise<Deployed> {
  const { api, workers } = cluster;
  const within = AbortSignal.any([signal, AbortSignal.timeout(READY_MS)]);
  const { programs, files } = await carriedBy(protocol, within);
  const image = await loadWorkloadImage(workers, programs, say, within);
  const images = changes.map((change) => imageFor(immediateOf(change)));
  if (images.includes('tools')) await loadToolImage(nodesOf(cluster), say, within);
  const bareNodes = await api.bareNodes(workers.length + 1, within);
  const placed = placedPods(protocol, workers);
  if (stays)
    undo(`the namespace ${namespace} was not deleted`, async () => {
      for (const line of await deleteRun(api, namespace, AbortSignal.timeout(GONE_MS))) onLeft(line);
    });
  await api.objects.create(agentObjects(namespace, image, appProgram('lab/kind/inside/guardian')));
  await api.objects.create(serviceObjects(namespace, protocol));
  const services = await api.serviceAddresses(namespace);
  const dns = await ClusterDns.of(api.objects, namespace, protocol, services);
  if (dns !== undefined) await api.objects.create(dns.objects());
  const cached = dns !== undefined && images.includes('node-local-dns');
  const mayPull = !cluster.record.bare;
  const nodeLocal = cached ? await findNodeLocal(dns.image, workers, { mayPull, say }, within) : undefined;
  const told = dns && dnsConfigOf(protocol.topology, dns.address);
  const specOf = ({ set }: Placed): PodSpec => {
    if (set === dns?.set) return dns.podSpec();
    if (setsOf(protocol, 'boom-pod').includes(set)) return servingPod(image, set, BOOM);
    return { ...sleepingPod(image, set), ...(told && set !== OUTSIDE && dnsSpec(told)) };
  };
  const ofJobs = k6Loads(protocol).map(([, load]) => load.pods);
  await api.objects.create(
    placed.map((each) => {
      const object = ofJobs.includes(each.set) ? jobObject : deploymentObject;
      return object(namespace, each, specOf(each));
    }),
  );
  const count = workers.length + placed.reduce((sum, { replicas }) => sum + replicas, 0);
  say(`waiting for ${String(count)} pods`);
  const pods = await api.pods.ready(namespace, count, within);
  const places = placesOf(protocol.topology, workers);
  const hostnames = new Map([...places].map(([node, hostname]) => [hostname, node]));
  const apiServer = bareNodes.find(({ name }) => !workers.includes(name));
  const controlPlane = controlPlaneOf(protocol.topology);
  if (controlPlane !== undefined) hostnames.set(apiServer?.name ?? '', controlPlane);
  const found = {
    nodes: bareNodes.flatMap((node) => {
      const name = hostnames.get(node.name);
      return name === undefined ? [] : [{ ...node, name }];
    }),
    pods: [
      ...foundPods(pods, placed),
      ...setsOf(protocol, 'apiserver').map((set) => ({
        name: set,
        set,
        node: controlPlane ?? '',
        ip: apiServer?.ip ?? '',
      })),
    ],
    services: Object.fromEntries(services),
    podNetwork: POD_NETWORK,
    domain: domainOf(namespace),
    apiServer: (await api.serviceAddresses('default')).get('kubernetes') ?? '',
    nameserver: dns?.address ?? '',
    files,
  };
  const onEvents = (events: readonly HistoryEvent[]): void => {
    for (const event of events) sink(event);
  };
  const ofAgents = pods.filter(({ metadata }) => metadata?.labels?.[AGENT_LABEL] === 'agent');
  // In the topology's order: a change is made on one node after another.
  const agents = await Promise.all(
    protocol.topology.nodes.flatMap((node) => {
      const pod = ofAgents.find(({ spec }) => hostnames.get(spec?.nodeName ?? '') === node);
      if (pod === undefined) return [];
      const place = { namespace, pod: pod.metadata?.name ?? '', node };
      return [AgentLink.open({ api, ...place, command: agentCommand() }, onEvents, signal)];
    }),
  );
  undo('a node was not restored', async () => {
    await settled(agents.map((agent) => named(agent.node, agent[Symbol.asyncDispose]())));
  });
  return { agents, found, dns, told, nodeLocal, image, nodes: places };
}

/** Names in the cluster of the nodes that workers stand for. */
function placesOf(topology: Topology, workers: readonly string[]): ReadonlyMap<string, string> {
  return new Map(workedNodes(topology).map((node, i) => [node, workers[i] ?? '']));
}

/** The process that works a node, in its own mount namespace, where it names network namespaces. */
function agentCommand(): readonly string[] {
  return [
    '/bin/unshare',
    '--mount',
    '--propagation',
    'private',
    '/bin/node',
    '--no-warnings',
    appProgram('lab/kind/inside/node-agent'),
  ];
}

/** Every set of pods by node. */
export function placedPods(
  { topology }: Pick<Protocol, 'topology'>,
  workers: readonly string[],
): readonly Placed[] {
  const places = placesOf(topology, workers);
  const hostnameOf = (node: string): string => places.get(node) ?? '';
  const outside = outsideNode(topology);
  const beyond =
    outside === undefined
      ? []
      : [{ set: OUTSIDE, node: outside, hostname: hostnameOf(outside), replicas: 1, hostNetwork: false }];
  const own = Object.entries(topology.pods).flatMap(([set, { replicas, nodes, hostNetwork = false }]) => {
    if (setsOf({ topology }, 'apiserver').includes(set)) return [];
    return nodes.map((node) => ({ set, node, hostname: hostnameOf(node), replicas, hostNetwork }));
  });
  return [...own, ...beyond];
}

/** The pods by the scenario's names; a Deployment's in the order of their addresses. */
export function foundPods(
  pods: readonly Pick<V1Pod, 'metadata' | 'status'>[],
  placed: readonly Placed[],
): Found['pods'] {
  return placed.flatMap(({ set, node }) => {
    const nodes = placed.flatMap((other) => (other.set === set ? [other.node] : []));
    return pods
      .filter(
        ({ metadata }) =>
          metadata?.labels?.[SET_LABEL] === set && metadata.labels['tablefull.lab/node'] === node,
      )
      .map(({ status }) => status?.podIP ?? '')
      .sort()
      .map((ip, i) => ({ name: podName(set, nodes, node, i), set, node, ip }));
  });
}

import type { V1Pod } from '@kubernetes/client-node';
import type { HistoryEvent } from '../../run/history.ts';
import type { Protocol } from '../../scenario/protocol.ts';
import type { LabOptions } from '../lab.ts';
import { TARGET_PORTS } from '../agent/network.ts';
import type { Found } from './agent-rpc.ts';
import { AgentLink } from './agents.ts';
import { carriedBy } from './k6-job.ts';
import type { Cluster } from './cluster.ts';
import { apiServerSets, controlPlaneOf, workedNodes } from './placement.ts';
import {
  AGENT_LABEL,
  agentObjects,
  deploymentName,
  SET_LABEL,
  workloadObjects,
  type Placed,
} from './manifests.ts';
import { appProgram, loadWorkloadImage } from './workload-image.ts';

/** kind's own, unless its configuration says otherwise. */
const POD_NETWORK = '10.244.0.0/16';
const CLUSTER_DNS = '10.96.0.10';
const READY_MS = 120_000;
const GONE_MS = 60_000;

type Undo = (what: string, work: () => Promise<void>) => void;

export interface Deployed {
  readonly agents: readonly AgentLink[];
  readonly found: Omit<Found, 'own'>;
  /** The one that its pods run from. */
  readonly image: string;
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
  const { programs, files } = await carriedBy(protocol, within);
  const image = await loadWorkloadImage(workers, programs, say, within);
  const nodes = await api.bareNodes(workers.length + 1, within);
  const placed = placedPods(protocol, workers);
  if (stays)
    undo(`the namespace ${namespace} still stands`, () =>
      api.deleteNamespace(namespace, AbortSignal.timeout(GONE_MS)),
    );
  await api.create(agentObjects(namespace, image, appProgram('lab/kind/guardian')));
  await api.create(workloadObjects(namespace, image, protocol, placed));
  const count = workers.length + placed.reduce((sum, { replicas }) => sum + replicas, 0);
  say(`waiting for ${String(count)} pods`);
  const pods = await api.podsReady(namespace, count, within);
  const services = await api.serviceAddresses(namespace);
  const { topology } = protocol;
  const hostnames = new Map(workedNodes(topology).map((node, i) => [workers[i] ?? '', node]));
  const controlPlane = nodes.find(({ name }) => !workers.includes(name));
  const [node, apiServer] = [controlPlaneOf(topology), controlPlane?.ip ?? ''];
  if (node !== undefined) hostnames.set(controlPlane?.name ?? '', node);
  const found = {
    nodes: nodes.flatMap((node) => {
      const name = hostnames.get(node.name);
      return name === undefined ? [] : [{ ...node, name }];
    }),
    pods: [
      ...foundPods(pods, placed),
      ...apiServerSets(topology).map((set) => ({ name: set, set, node: node ?? '', ip: apiServer })),
    ],
    services: Object.fromEntries(services),
    podNetwork: POD_NETWORK,
    nameserver: CLUSTER_DNS,
    files,
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
  return { agents, found, image };
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
    appProgram('lab/kind/node-agent'),
  ];
}

/** Every set of pods by the nodes that it is on. */
export function placedPods(
  { topology }: Pick<Protocol, 'topology'>,
  workers: readonly string[],
): readonly Placed[] {
  return Object.entries(topology.pods).flatMap(
    ([set, { replicas, nodes, hostNetwork = false, asymmetric }]) => {
      if (asymmetric === true)
        throw new Error(`topology.pods.${set}: pods with two cables are not to be had in the lab kind yet`);
      if (apiServerSets(topology).includes(set)) return [];
      const crashing = Object.values(topology.services).some(
        ({ pods, app }) => pods === set && app === 'boom-pod',
      );
      const serving = { program: appProgram('load/boom-pod'), port: TARGET_PORTS['boom-pod'] };
      return nodes.map((node) => ({
        set,
        node,
        hostname: workers[workedNodes(topology).indexOf(node)] ?? '',
        replicas,
        hostNetwork,
        ...(crashing && { serving }),
      }));
    },
  );
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

/** Which node of the cluster stands for which of the scenario, and which pods are on each. */
import type { V1Pod } from '@kubernetes/client-node';
import type { Protocol } from '../../../../schema/protocol.ts';
import { podName, type Topology } from '../../../../schema/topology.ts';
import type { Found } from '../../agent-rpc.ts';
import { OUTSIDE, outsideNode } from '../../dns-config.ts';
import { controlPlaneOf, setsOf, workedNodes } from '../../placement.ts';
import type { BareNode } from '../cluster/pod-network.ts';
import { SET_LABEL, type Placed } from './manifests.ts';

/** Names in the cluster of the nodes that workers stand for. */
export function placesOf(topology: Topology, workers: readonly string[]): ReadonlyMap<string, string> {
  return new Map(workedNodes(topology).map((node, i) => [node, workers[i] ?? '']));
}

/** The cluster's nodes that stand for the scenario's. */
export interface FoundNodes {
  readonly nodes: Found['nodes'];
  /** One pod of the API server for each of its sets; none where the topology has no such set. */
  readonly apiServers: Found['pods'];
  /** The scenario's name of a node of the cluster; undefined where it stands for none. */
  readonly nameOf: (hostname: string) => string | undefined;
}

/** The nodes by the scenario's names. The control plane's node is the one beside the workers. */
export function foundNodes(
  { topology }: Pick<Protocol, 'topology'>,
  workers: readonly string[],
  all: readonly BareNode[],
): FoundNodes {
  const names = new Map([...placesOf(topology, workers)].map(([node, hostname]) => [hostname, node]));
  const apiServer = all.find(({ name }) => !workers.includes(name));
  const controlPlane = controlPlaneOf(topology);
  if (controlPlane !== undefined) names.set(apiServer?.name ?? '', controlPlane);
  const at = { node: controlPlane ?? '', ip: apiServer?.ip ?? '' };
  return {
    nodes: all.flatMap((node) => {
      const name = names.get(node.name);
      return name === undefined ? [] : [{ ...node, name }];
    }),
    apiServers: setsOf({ topology }, 'apiserver').map((set) => ({ name: set, set, ...at })),
    nameOf: (hostname) => names.get(hostname),
  };
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

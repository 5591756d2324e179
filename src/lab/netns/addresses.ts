import { podName, type Topology } from '../../schema/topology.ts';
import { podsIn, type Network, type Node, type Pod, type Service } from '../../agent/network.ts';
import { targetPortOf } from '../../server/apps.ts';

/** The lab's networks besides the pods', with a cluster's usual ranges. They are unreachable from outside a sandbox. */
export const SERVICE_NETWORK = '10.96.0.0/12';
export const NODE_NETWORK = '172.18.0.0/24';
export const CLUSTER_DNS = '10.96.0.10';
/** DNS domain of the namespace `default`, the lab's only one. */
export const CLUSTER_DOMAIN = 'default.svc.cluster.local';

const PODS_PER_NODE = 250;

/** A node that the lab builds. */
export interface BuiltNode extends Node {
  /** The gateway address of the node's pods. */
  readonly gateway: string;
}

export interface BuiltNetwork extends Network {
  readonly nodes: readonly BuiltNode[];
}

/**
 * Assigns names and addresses to nodes, pods and services, deterministically.
 *
 * @throws Error naming what the topology refers to and lacks
 */
export function address(topology: Topology): BuiltNetwork {
  const nodes = topology.nodes.map((name, i): BuiltNode => ({
    name,
    ip: `172.18.0.${String(i + 2)}`,
    podCidr: `10.244.${String(i)}.0/24`,
    gateway: `10.244.${String(i)}.1`,
  }));
  const used = new Map<string, number>();
  const pods = Object.entries(topology.pods).flatMap(
    ([set, { replicas, nodes: on, hostNetwork, asymmetric }]) =>
      on.flatMap((node) => {
        const n = nodes.findIndex((other) => other.name === node);
        if (n < 0)
          throw new Error(`topology.pods.${set}.nodes: there is no node ${node}; add it to topology.nodes`);
        return Array.from({ length: replicas }, (_, i): Pod => {
          const name = podName(set, on, node, i);
          if (hostNetwork === true) return { name, set, node, ip: nodes[n]?.ip ?? '', link: undefined };
          const host = used.get(node) ?? 0;
          if (host >= PODS_PER_NODE)
            throw new Error(`topology.pods.${set}: a node has room for ${String(PODS_PER_NODE)} pods`);
          used.set(node, host + 1);
          return {
            name,
            set,
            node,
            ip: `10.244.${String(n)}.${String(host + 2)}`,
            link: `pod${String(host)}`,
            ...(asymmetric === true && { secondLink: `pod${String(host)}up` }),
          };
        });
      }),
  );
  const services = Object.entries(topology.services).map(([name, service], i): Service => {
    const { pods: set, port, app, headless, hostPort, calls, delay, proxy } = service;
    const endpoints = podsIn(pods, set);
    const [node, ...others] = new Set(endpoints.map((pod) => pod.node));
    if (hostPort === true && others.length > 0)
      throw new Error(`topology.services.${name}.hostPort: its pods are on several nodes; use one`);
    const own =
      hostPort === true
        ? (nodes.find((each) => each.name === node)?.ip ?? '')
        : app === 'dns'
          ? CLUSTER_DNS
          : `10.96.1.${String(i + 1)}`;
    return {
      name,
      ip: headless ? 'None' : own,
      port,
      targetPort: targetPortOf(service),
      app,
      headless,
      hostPort,
      endpoints,
      calls,
      delay,
      ...(proxy && { proxy }),
    };
  });
  return { nodes, pods, services };
}

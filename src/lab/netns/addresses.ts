import type { App, Topology } from '../../scenario/topology.ts';

/** The lab's own networks, named as a cluster's are. Nothing in them is reachable from outside a capsule. */
export const POD_NETWORK = '10.244.0.0/16';
export const SERVICE_NETWORK = '10.96.0.0/12';
export const NODE_NETWORK = '172.18.0.0/24';
export const CLUSTER_DNS = '10.96.0.10';
/** Where a node’s own DNS cache listens: the link-local address that NodeLocal DNSCache has by default. */
export const NODE_DNS = '169.254.20.10';

export interface Node {
  readonly name: string;
  readonly ip: string;
  readonly podCidr: string;
  /** The address that every pod of this node has as its gateway. */
  readonly gateway: string;
}

export interface Pod {
  /** Also the name of its network namespace, unless it is on its node's network. */
  readonly name: string;
  readonly set: string;
  readonly node: string;
  readonly ip: string;
  /** Its end of the cable on the node; none where it is on the node's own network. */
  readonly link: string | undefined;
  /** The node's end of the second cable, by which an asymmetric pod sends. */
  readonly uplink?: string;
}

/** A pod that has a network namespace of its own. */
export type CabledPod = Pod & { readonly link: string };

export function isCabled(pod: Pod): pod is CabledPod {
  return pod.link !== undefined;
}

export interface Service {
  readonly name: string;
  /** `None` where it is headless, as in its spec. */
  readonly ip: string;
  readonly port: number;
  /** Where its pods listen. */
  readonly targetPort: number;
  readonly app: App;
  readonly headless: boolean;
  readonly endpoints: readonly Pod[];
  /** What its app asks before it answers, by service. */
  readonly calls: readonly { readonly service: string; readonly name?: string | undefined }[];
  readonly proxy?: Topology['services'][string]['proxy'];
}

export interface Network {
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly services: readonly Service[];
}

const PODS_PER_NODE = 250;

/** Where the pods behind a service listen; different, since one pod may stand behind several. */
const TARGET_PORTS = {
  http: 8080,
  echo: 7007,
  'udp-echo': 7007,
  'boom-server': 9090,
  dns: 53,
  stateless: 8090,
  nginx: 8088,
} as const satisfies Record<App, number>;

/**
 * Gives every node, pod and service of a topology its name and address; the same topology, the same addresses.
 *
 * @throws Error naming what the topology asks for and does not have
 */
export function address(topology: Topology): Network {
  const nodes = topology.nodes.map((name, i): Node => ({
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
          const name = `${set}-${on.length > 1 ? `${node}-${String(i)}` : String(i)}`;
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
            ...(asymmetric === true && { uplink: `pod${String(host)}up` }),
          };
        });
      }),
  );
  const services = Object.entries(topology.services).map(
    ([name, { pods: set, port, app, headless, calls, proxy }], i): Service => {
      const endpoints = pods.filter((pod) => pod.set === set);
      if (endpoints.length === 0)
        throw new Error(
          `topology.services.${name}.pods: there are no pods ${set}; add them to topology.pods`,
        );
      const own = app === 'dns' ? CLUSTER_DNS : `10.96.1.${String(i + 1)}`;
      return {
        name,
        ip: headless ? 'None' : own,
        port,
        targetPort: TARGET_PORTS[app],
        app,
        headless,
        endpoints,
        calls,
        ...(proxy && { proxy }),
      };
    },
  );
  return { nodes, pods, services };
}

import { isCabled, type CabledPod, type Pod } from '../../../agent/network.ts';
import { SERVICE_NETWORK, type BuiltNetwork, type BuiltNode } from '../addresses.ts';

/** Lines for `ip -batch`, to be run in the namespace that is named (`null`: the sandbox's own). */
export interface IpBatch {
  readonly netns: string | null;
  readonly lines: readonly string[];
}

/** The bridge in the sandbox's own namespace that stands for the network between the nodes. */
const FABRIC = 'fabric';

/**
 * The links of a lab as kindnet lays them: nodes on one network with a route to each other's pods, and a cable
 * from every pod to its node, without a bridge, so that even neighbours talk through their node's netfilter.
 * Batches of one step may run at once; the steps follow each other.
 */
export function ipSteps({ nodes, pods: all }: BuiltNetwork): readonly (readonly IpBatch[])[] {
  const pods = all.filter(isCabled);
  const spaces = [...nodes, ...pods].map(({ name }) => `netns add ${name}`);
  const fabric = [
    'link set lo up',
    `link add ${FABRIC} type bridge`,
    `link set ${FABRIC} up`,
    ...nodes.flatMap((node, i) => [
      `link add node${String(i)} type veth peer name eth0 netns ${node.name}`,
      `link set node${String(i)} master ${FABRIC} up`,
    ]),
  ];
  const onNodes = nodes.map((node) => nodeBatch(node, nodes, pods));
  const inPods = pods.map((pod) => podBatch(pod, nodes));
  return [[{ netns: null, lines: spaces }], [{ netns: null, lines: fabric }], onNodes, inPods];
}

function nodeBatch(node: BuiltNode, nodes: readonly BuiltNode[], pods: readonly CabledPod[]): IpBatch {
  const others = nodes.filter((other) => other !== node);
  return {
    netns: node.name,
    lines: [
      'link set lo up',
      `addr add ${node.ip}/24 dev eth0`,
      'link set eth0 up',
      // A socket on the node's own network is refused an address that no route leads to; NAT then sends it elsewhere.
      `route add ${SERVICE_NETWORK} dev eth0`,
      ...others.map((other) => `route add ${other.podCidr} via ${other.ip}`),
      ...pods
        .filter((pod) => pod.node === node.name)
        .flatMap((pod) => [
          `link add ${pod.link} type veth peer name eth0 netns ${pod.name}`,
          `addr add ${node.gateway}/32 dev ${pod.link}`,
          `link set ${pod.link} up`,
          `route add ${pod.ip}/32 dev ${pod.link}`,
          ...uplinkOnNode(pod, node),
        ]),
    ],
  };
}

function podBatch(pod: CabledPod, nodes: readonly BuiltNode[]): IpBatch {
  const gateway = nodes.find((node) => node.name === pod.node)?.gateway ?? '';
  return {
    netns: pod.name,
    lines: [
      'link set lo up',
      `addr add ${pod.ip}/32 dev eth0`,
      'link set eth0 up',
      ...(pod.uplink === undefined
        ? [`route add ${gateway}/32 dev eth0 scope link`, `route add default via ${gateway} dev eth0`]
        : uplinkInPod(pod, gateway)),
    ],
  };
}

/** Of every uplink's end on a node; each is on a cable of its own. */
const UPLINK_MAC = '02:00:00:00:00:01';

/** It has an address: on an interface without one even a loose rp_filter is strict (fib_validate_source). */
function uplinkOnNode({ name, uplink }: Pod, { gateway }: BuiltNode): readonly string[] {
  if (uplink === undefined) return [];
  return [
    `link add ${uplink} address ${UPLINK_MAC} type veth peer name eth1 netns ${name}`,
    `addr add ${gateway}/32 dev ${uplink}`,
    `link set ${uplink} up`,
  ];
}

/** The gateway's neighbour entry is fixed: a strict rp_filter ignores the ARP requests that come by an uplink as well. */
function uplinkInPod({ ip }: Pod, gateway: string): readonly string[] {
  return [
    'link set eth1 up',
    `neigh add ${gateway} lladdr ${UPLINK_MAC} dev eth1 nud permanent`,
    `route add ${gateway}/32 dev eth1 scope link src ${ip}`,
    `route add default via ${gateway} dev eth1 src ${ip}`,
  ];
}

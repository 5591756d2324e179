import { hasVeth, type VethPod, type Pod } from '../../../agent/network.ts';
import { SERVICE_NETWORK, type BuiltNetwork, type BuiltNode } from '../addresses.ts';

/** Lines for `ip -batch`, run in namespace `netns` (`null`: the sandbox's first). */
export interface IpBatch {
  readonly netns: string | null;
  readonly lines: readonly string[];
}

/** Bridge in the sandbox's first namespace: the network between the nodes. */
const UNDERLAY = 'underlay';

/**
 * The links of a lab, as kindnet makes them. Nodes share a network and have routes to each other's pods. Each
 * pod has a veth to its node and no bridge, so even traffic between neighbours passes the node's netfilter.
 * Batches of one step may run concurrently; steps are sequential.
 */
export function ipSteps({ nodes, pods: all }: BuiltNetwork): readonly (readonly IpBatch[])[] {
  const pods = all.filter(hasVeth);
  const namespaces = [...nodes, ...pods].map(({ name }) => `netns add ${name}`);
  const underlay = [
    'link set lo up',
    `link add ${UNDERLAY} type bridge`,
    `link set ${UNDERLAY} up`,
    ...nodes.flatMap((node, i) => [
      `link add node${String(i)} type veth peer name eth0 netns ${node.name}`,
      `link set node${String(i)} master ${UNDERLAY} up`,
    ]),
  ];
  const onNodes = nodes.map((node) => nodeBatch(node, nodes, pods));
  const inPods = pods.map((pod) => podBatch(pod, nodes));
  return [[{ netns: null, lines: namespaces }], [{ netns: null, lines: underlay }], onNodes, inPods];
}

function nodeBatch(node: BuiltNode, nodes: readonly BuiltNode[], pods: readonly VethPod[]): IpBatch {
  const others = nodes.filter((other) => other !== node);
  return {
    netns: node.name,
    lines: [
      'link set lo up',
      `addr add ${node.ip}/24 dev eth0`,
      'link set eth0 up',
      // A socket on the node's network needs a route to service addresses; NAT then redirects the packet.
      `route add ${SERVICE_NETWORK} dev eth0`,
      ...others.map((other) => `route add ${other.podCidr} via ${other.ip}`),
      ...pods
        .filter((pod) => pod.node === node.name)
        .flatMap((pod) => [
          `link add ${pod.link} type veth peer name eth0 netns ${pod.name}`,
          `addr add ${node.gateway}/32 dev ${pod.link}`,
          `link set ${pod.link} up`,
          `route add ${pod.ip}/32 dev ${pod.link}`,
          ...secondOnNode(pod, node),
        ]),
    ],
  };
}

function podBatch(pod: VethPod, nodes: readonly BuiltNode[]): IpBatch {
  const gateway = nodes.find((node) => node.name === pod.node)?.gateway ?? '';
  return {
    netns: pod.name,
    lines: [
      'link set lo up',
      `addr add ${pod.ip}/32 dev eth0`,
      'link set eth0 up',
      ...(pod.secondLink === undefined
        ? [`route add ${gateway}/32 dev eth0 scope link`, `route add default via ${gateway} dev eth0`]
        : secondInPod(pod, gateway)),
    ],
  };
}

/** The MAC of the node's end of every second interface; each is on its own link. */
const SECOND_MAC = '02:00:00:00:00:01';

/** The link has an address: without one, even a loose rp_filter is strict (fib_validate_source). */
function secondOnNode({ name, secondLink }: Pod, { gateway }: BuiltNode): readonly string[] {
  if (secondLink === undefined) return [];
  return [
    `link add ${secondLink} address ${SECOND_MAC} type veth peer name eth1 netns ${name}`,
    `addr add ${gateway}/32 dev ${secondLink}`,
    `link set ${secondLink} up`,
  ];
}

/**
 * The gateway's neighbour entry is static: a strict rp_filter also ignores ARP requests on the second
 * interface.
 */
function secondInPod({ ip }: Pod, gateway: string): readonly string[] {
  return [
    'link set eth1 up',
    `neigh add ${gateway} lladdr ${SECOND_MAC} dev eth1 nud permanent`,
    `route add ${gateway}/32 dev eth1 scope link src ${ip}`,
    `route add default via ${gateway} dev eth1 src ${ip}`,
  ];
}

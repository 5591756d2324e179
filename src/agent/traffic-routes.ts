import type { Hosts } from './hosts.ts';
import type { Pod } from './network.ts';

/**
 * Networks of traffic that loads and fills send without sockets. Their addresses are routed to a pod and assigned
 * to none, so no kernel answers packets to them. Those of demand are in the pod network, so that no service
 * masquerades them, and beyond the nodes' pod ranges. Those of a fill are the halves of BALLAST_NETWORK.
 */
export const TRAFFIC = {
  crowd: { network: '10.244.192.0/23', first: '10.244.192.1', count: 256 },
  floodClients: { network: '10.244.240.0/22', first: '10.244.240.1', count: 1000 },
  floodServer: { network: '10.244.244.0/24', ip: '10.244.244.1', port: 80 },
  fillClients: { network: '198.18.0.0/16', first: '198.18.0.1', count: 64 },
  fillServer: { network: '198.19.0.0/16', ip: '198.19.0.1', port: 80 },
} as const;

/** Has a node route networks to its pods, whose addresses no pod has. Idempotent. */
export async function routed(
  hosts: Hosts,
  node: string,
  ...ways: readonly (readonly [pod: Pod, to: { readonly network: string }])[]
): Promise<void> {
  const lines = ways.map(([{ ip, link }, to]) => `route replace ${to.network} via ${ip} dev ${link} onlink`);
  await hosts.get(node).ip(lines);
  // A pod that inherits forwarding would send foreign packets back in a loop.
  for (const [{ name }] of ways) hosts.get(name).writeSysctl('net.ipv4.ip_forward', '0');
}

/** Routes the addresses of a crowd to a pod, on its node. */
export async function routeCrowd(
  hosts: Hosts,
  pods: readonly Pod[],
  name: string,
): Promise<typeof TRAFFIC.crowd> {
  const pod = pods.find((each) => each.name === name);
  if (pod === undefined) throw new Error(`there is no pod ${name}`);
  await routed(hosts, pod.node, [pod, TRAFFIC.crowd]);
  return TRAFFIC.crowd;
}

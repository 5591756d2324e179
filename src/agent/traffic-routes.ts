import type { Hosts } from './hosts.ts';
import type { Pod } from './network.ts';
import { TRAFFIC } from '../util/address-plan.ts';

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

/** Routes the addresses of a crowd to a pod, on its node. @throws Error where there is no such pod */
export async function routeCrowd(hosts: Hosts, pods: readonly Pod[], name: string): Promise<void> {
  const pod = pods.find((each) => each.name === name);
  if (pod === undefined) throw new Error(`there is no pod ${name}`);
  await routed(hosts, pod.node, [pod, TRAFFIC.crowd]);
}

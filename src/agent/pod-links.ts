import { settled } from '../util/settled.ts';
import type { Hosts } from './hosts.ts';
import type { Pod } from './network.ts';

/**
 * Disconnects a pod from its node: a link that goes down removes its routes. Pods on the host's network stay.
 */
export function downLines({ link }: Pod): string[] {
  return link === undefined ? [] : [`link set ${link} down`];
}

/** Reconnects it. */
export function upLines({ link, ip }: Pod): string[] {
  return link === undefined ? [] : [`link set ${link} up`, `route add ${ip}/32 dev ${link}`];
}

/** Runs `ip -batch` lines for pods, each on its pod's node. */
export async function onNodes(
  hosts: Hosts,
  pods: readonly Pod[],
  lines: (pod: Pod) => readonly string[],
): Promise<void> {
  const byNode = Map.groupBy(pods, ({ node }) => node);
  await settled([...byNode].map(([node, of]) => hosts.get(node).ip(of.flatMap(lines))));
}

/** Addresses of the pods that their node has a route to. */
export async function reached(hosts: Hosts, pods: readonly Pod[]): Promise<readonly string[]> {
  const there = await settled(pods.map(({ ip, node }) => hosts.get(node).hasRoute(ip)));
  return pods.filter((_, i) => there[i] === true).map(({ ip }) => ip);
}

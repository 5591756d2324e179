import { settled } from '../util/settled.ts';
import type { Hosts } from './hosts.ts';
import type { Pod } from './network.ts';

/** Takes a pod away from its node: a link that goes down takes its routes along. A pod on the host's network stays. */
export function downLines({ link }: Pod): string[] {
  return link === undefined ? [] : [`link set ${link} down`];
}

/** Gives it back. */
export function upLines({ link, ip }: Pod): string[] {
  return link === undefined ? [] : [`link set ${link} up`, `route add ${ip}/32 dev ${link}`];
}

/** Runs lines of `ip -batch` for pods, each on the node of its pod. */
export async function onNodes(
  hosts: Hosts,
  pods: readonly Pod[],
  lines: (pod: Pod) => readonly string[],
): Promise<void> {
  const byNode = Map.groupBy(pods, ({ node }) => node);
  await settled([...byNode].map(([node, of]) => hosts.get(node).ip(of.flatMap(lines))));
}

/** Those of these pods that their node has a route to, by their addresses. */
export async function reached(hosts: Hosts, pods: readonly Pod[]): Promise<readonly string[]> {
  const there = await settled(pods.map(({ ip, node }) => hosts.get(node).hasRoute(ip)));
  return pods.filter((_, i) => there[i] === true).map(({ ip }) => ip);
}

import { formatIp, parseIp } from '../kernel/ipv4.ts';
import type { Network } from './network.ts';

/** Number of spare addresses; each adds a set of ports. */
const COUNT = 3;

/**
 * The highest addresses of a node's pod range that no pod has; they are routed to the node already.
 *
 * @throws Error where the node has too few
 */
export function spareAddresses(node: string, { nodes, pods }: Network): string {
  const { podCidr = '' } = nodes.find(({ name }) => name === node) ?? {};
  const [network = '', bits = ''] = podCidr.split('/');
  const first = parseIp(network);
  const broadcast = first + 2 ** (32 - Number(bits)) - 1;
  const taken = new Set(pods.map(({ ip }) => ip));
  // The first address is the gateway of the node's pods.
  for (let last = broadcast - 1; last - COUNT + 1 > first + 1; last--) {
    const range = Array.from({ length: COUNT }, (_, i) => formatIp(last - COUNT + 1 + i));
    if (!range.some((ip) => taken.has(ip))) return `${range[0] ?? ''}-${range.at(-1) ?? ''}`;
  }
  throw new Error(`${node} has no ${String(COUNT)} spare addresses in ${podCidr}: its pods use them all`);
}

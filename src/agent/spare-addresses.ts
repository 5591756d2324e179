import { formatIp, parseIp } from '../kernel/ipv4.ts';
import type { Network } from './network.ts';

/** nftables variable by which a rule names its node's spare addresses. */
const VARIABLE = 'spare_addresses';
/** Number of spare addresses; each adds a set of ports. */
const COUNT = 3;

/**
 * Defines the node's spare addresses for rules that use them: the lab knows the addresses, the remedy does
 * not.
 *
 * @throws Error where the node has too few
 */
export function definitionsFor(rules: readonly string[], node: string, network: Network): string {
  const needed = rules.some((rule) => rule.includes(`$${VARIABLE}`));
  return needed ? `define ${VARIABLE} = ${spareAddresses(node, network)}\n` : '';
}

/** The highest addresses of a node's pod range that no pod has; they are routed to the node already. */
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

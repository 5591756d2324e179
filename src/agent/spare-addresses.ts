import { formatIp, parseIp } from '../kernel/ipv4.ts';
import type { Network } from './network.ts';

/** What a rule writes for addresses of its node's that no pod has: nftables' own way to name a value. */
const VARIABLE = 'spare_addresses';
/** How many they are; each has ports of its own. */
const COUNT = 3;

/**
 * The definitions that these rules need on a node: which addresses it has is the lab's to know, not the remedy's.
 *
 * @throws Error where the node has no such addresses
 */
export function definitionsFor(rules: readonly string[], node: string, network: Network): string {
  return needsSpare(rules) ? definitionOf(rules, spareAddresses(node, network)) : '';
}

/** Empty where the rules need none. */
export function definitionOf(rules: readonly string[], addresses: string): string {
  return needsSpare(rules) ? `define ${VARIABLE} = ${addresses}\n` : '';
}

function needsSpare(rules: readonly string[]): boolean {
  return rules.some((rule) => rule.includes(`$${VARIABLE}`));
}

/** The highest addresses of a node's part of the pod network that no pod has: they are routed to it already. */
export function spareAddresses(node: string, { nodes, pods }: Network): string {
  const { podCidr = '' } = nodes.find(({ name }) => name === node) ?? {};
  const [network = '', bits = ''] = podCidr.split('/');
  const first = parseIp(network);
  const broadcast = first + 2 ** (32 - Number(bits)) - 1;
  const taken = new Set(pods.map(({ ip }) => ip));
  // The node has the first of them as its pods' gateway.
  for (let last = broadcast - 1; last - COUNT + 1 > first + 1; last--) {
    const range = Array.from({ length: COUNT }, (_, i) => formatIp(last - COUNT + 1 + i));
    if (!range.some((ip) => taken.has(ip))) return `${range[0] ?? ''}-${range.at(-1) ?? ''}`;
  }
  throw new Error(`${node} has no ${String(COUNT)} spare addresses in ${podCidr}: its pods have them all`);
}

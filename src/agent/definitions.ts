import { setsIn } from '../change/nft-chain.ts';
import type { Network } from './network.ts';
import { spareAddresses } from './spare-addresses.ts';

/** nftables variable by which a rule names its node's spare addresses. */
const SPARE = 'spare_addresses';

/**
 * Defines the addresses that rules name: only the lab knows them, and a cluster's are others than the embedded
 * lab's.
 *
 * @param host the node or pod that the rules are on
 * @throws Error where a node has too few spare addresses
 */
export function definitionsFor(rules: readonly string[], host: string, network: Network): string {
  const spare = rules.some((rule) => rule.includes(`$${SPARE}`));
  return [
    ...(spare ? [`define ${SPARE} = ${spareAddresses(host, network)}\n`] : []),
    ...setsIn(rules).map((set) => `define pods_${set} = ${addressesOf(set, network)}\n`),
  ].join('');
}

/** One address is no set to nftables: a statement such as `ip saddr set` takes it. */
function addressesOf(set: string, { pods }: Network): string {
  const ips = pods.filter((pod) => pod.set === set).map(({ ip }) => ip);
  return ips.length === 1 ? String(ips[0]) : `{ ${ips.join(', ')} }`;
}

import { BlockList } from 'node:net';
import { mayChangeLimit } from '../../guard/sysctls.ts';
import { dumpEntries, type ConntrackEntry } from '../../kernel/conntrack-dump.ts';
import { deleteEntries } from '../../kernel/ctnetlink.ts';
import { NetNamespace } from '../../kernel/netns.ts';
import { routedAddresses } from '../../kernel/routes.ts';

const OWN = '/proc/thread-self/ns/net';
/** Unmarked entries. */
const NO_MARK = 0;
/** An ICMP entry's key has a type instead of ports, so ports can't name it. It expires within 30 s. */
const ICMP = 1;

type IsTheirs = (ip: string) => boolean;

/** Where the machine's entries of a cluster's own connections end. */
export interface ClusterEnds {
  /** Addresses of nodes. */
  readonly nodes: readonly string[];
  /** The nodes' ranges of pod addresses. */
  readonly podRanges: readonly string[];
}

/**
 * Deletes the machine's entries of a deleted cluster. Where bridged packets pass iptables
 * (net.bridge.bridge-nf-call-iptables, as Docker sets it), the machine tracks traffic between nodes that are
 * containers. Unclosed connections would stay for days. No packet needs these entries, since it is bridged
 * without NAT. Without root they stay.
 */
export async function deleteBridgedOf(ends: ClusterEnds): Promise<void> {
  if (mayChangeLimit()) await deleteWhere(ofCluster(ends, isRouted()));
}

/** Deletes the machine's entries of connections with an end at one of these pods of a cluster that stays. */
export async function deleteBridged(pods: ReadonlySet<string>): Promise<void> {
  if (!mayChangeLimit()) return;
  const routed = isRouted();
  await deleteEntriesOf((ip) => pods.has(ip) && !routed(ip));
}

/** Deletes unmarked conntrack entries in this netns whose source or destination matches. */
export async function deleteEntriesOf(isTheirs: IsTheirs): Promise<void> {
  await deleteWhere(withEnd(isTheirs));
}

async function deleteWhere(isTheirs: (entry: ConntrackEntry) => boolean): Promise<void> {
  using own = NetNamespace.open(OWN);
  deleteEntries(own, (await dumpEntries(own, NO_MARK)).filter(isTheirs));
}

/** Whether an entry that ports name has such an end. */
export function withEnd(isTheirs: IsTheirs): (entry: ConntrackEntry) => boolean {
  return ({ protocol, source, destination }) =>
    protocol !== ICMP && (isTheirs(source) || isTheirs(destination));
}

/**
 * Whether an entry is of a connection of a cluster's nodes, or between its pods.
 *
 * @param routed whether the machine has a route to an address. It has none to the pods of a cluster in
 *   containers, and the ranges are kubeadm's default too: these are then the pods of the machine's own cluster.
 */
export function ofCluster(
  { nodes, podRanges }: ClusterEnds,
  routed: IsTheirs,
): (entry: ConntrackEntry) => boolean {
  const [isNode, isPod] = [new BlockList(), new BlockList()];
  for (const node of nodes) isNode.addAddress(node);
  for (const range of podRanges) {
    const [network = '', bits] = range.split('/');
    isPod.addSubnet(network, Number(bits));
  }
  const ofPod = (ip: string): boolean => isPod.check(ip) && !routed(ip);
  const ofNode = withEnd((ip) => isNode.check(ip));
  return (entry) =>
    ofNode(entry) || (entry.protocol !== ICMP && ofPod(entry.source) && ofPod(entry.destination));
}

function isRouted(): IsTheirs {
  const routed = routedAddresses();
  return (ip) => routed.check(ip);
}

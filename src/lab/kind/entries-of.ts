import { BlockList } from 'node:net';
import { mayChangeLimit } from '../../guard/sysctls.ts';
import { dumpEntries, type ConntrackEntry } from '../../kernel/conntrack-dump.ts';
import { deleteEntries } from '../../kernel/ctnetlink.ts';
import { NetNamespace } from '../../kernel/netns.ts';

const OWN = '/proc/thread-self/ns/net';
/** Unmarked entries. */
const NO_MARK = 0;

/**
 * Deletes the machine's entries of connections with an end at one of these addresses. Where bridged packets
 * pass iptables (net.bridge.bridge-nf-call-iptables, as Docker sets it), the machine tracks traffic between
 * nodes that are containers. Unclosed connections would stay for days. No packet needs these entries, since
 * it is bridged without NAT. Without root they stay.
 */
export async function deleteBridged(isTheirs: (ip: string) => boolean): Promise<void> {
  if (mayChangeLimit()) await deleteEntriesOf(isTheirs);
}

/** Deletes unmarked conntrack entries in this netns whose source or destination matches. */
export async function deleteEntriesOf(isTheirs: (ip: string) => boolean): Promise<void> {
  using own = NetNamespace.open(OWN);
  deleteEntries(own, entriesOf(await dumpEntries(own, NO_MARK), isTheirs));
}

/** Deletes the entries of a deleted cluster's nodes and pods. */
export async function deleteBridgedOf(nodes: readonly string[], podNetwork: string): Promise<void> {
  const theirs = new BlockList();
  const [network = '', bits] = podNetwork.split('/');
  theirs.addSubnet(network, Number(bits));
  for (const node of nodes) theirs.addAddress(node);
  await deleteBridged((ip) => theirs.check(ip));
}

export function entriesOf(
  entries: readonly ConntrackEntry[],
  isTheirs: (ip: string) => boolean,
): readonly ConntrackEntry[] {
  return entries.filter(({ source, destination }) => isTheirs(source) || isTheirs(destination));
}

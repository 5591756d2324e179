import { BlockList } from 'node:net';
import { mayChangeLimit } from '../../guard/sysctls.ts';
import { dumpEntries, type ConntrackEntry } from '../../kernel/conntrack-dump.ts';
import { deleteEntries } from '../../kernel/ctnetlink.ts';
import { NetNamespace } from '../../kernel/netns.ts';

const OWN = '/proc/thread-self/ns/net';
/** What nobody has marked. */
const NO_MARK = 0;

/**
 * Deletes the machine's own entries of connections that one of these addresses had an end of. Where packets on its bridges pass
 * iptables (net.bridge.bridge-nf-call-iptables, as Docker sets it), the machine tracks what nodes that are containers
 * send each other; what they did not close would stand for days. They are bridged, not translated: no packet needs
 * the entry. Without root they stay.
 */
export async function deleteBridged(isTheirs: (ip: string) => boolean): Promise<void> {
  if (mayChangeLimit()) await deleteEntriesOf(isTheirs);
}

/** Deletes the entries, of the namespace that this process is in, that one of these addresses has an end of and nobody has marked. */
export async function deleteEntriesOf(isTheirs: (ip: string) => boolean): Promise<void> {
  using own = NetNamespace.open(OWN);
  deleteEntries(own, entriesOf(await dumpEntries(own, NO_MARK), isTheirs));
}

/** Deletes those of a cluster that is gone: of its nodes, and of its pods. */
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

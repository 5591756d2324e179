import { readFileSync } from 'node:fs';
import { BlockList } from 'node:net';

/** Below this length a prefix is a default route, or half of one, as VPNs have it. */
const SHORTEST = 2;

/**
 * The IPv4 addresses of this network namespace, and those that its routes name, of every table: all but the
 * default.
 *
 * @throws Error where /proc is not readable
 */
export function routedAddresses(): BlockList {
  return parseTries(readFileSync('/proc/thread-self/net/fib_trie', 'utf8'));
}

/** Reads `fib_trie` (net/ipv4/fib_trie.c: fib_trie_seq_show): an address, then the prefixes that begin there. */
export function parseTries(text: string): BlockList {
  const routed = new BlockList();
  let address = '';
  for (const line of text.split('\n')) {
    address = /\|-- (\S+)/.exec(line)?.[1] ?? address;
    const bits = Number(/^ +\/(\d+) /.exec(line)?.[1] ?? 0);
    if (bits >= SHORTEST) routed.addSubnet(address, bits);
  }
  return routed;
}

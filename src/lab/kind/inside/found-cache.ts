import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import type { Done, Value } from '../../../change/done.ts';
import { restorable } from '../../../change/restorable.ts';
import type { Host } from '../../../host/host.ts';
import type { NetNamespace } from '../../../kernel/netns.ts';
import { NODE_DNS } from '../../../agent/network.ts';
import {
  DNS_PORT,
  DROP_NOTRACK_RULES,
  LINK,
  LINK_LINES,
  NOTRACK_RULES,
  NOTRACK_TABLE,
} from '../../../agent/node-dns-parts.ts';
import type { NodeAsk } from '../agent-rpc.ts';
import { cacheTotals } from './dns-metrics.ts';
import { deleteNodeLocalRules, hasNodeLocalRules } from './node-local-rules.ts';
import { until } from '../../../util/until.ts';
import type { WrittenFiles } from './written-files.ts';

const LISTENS_WITHIN_MS = 10_000;

/**
 * NodeLocal DNSCache on this node, or a CoreDNS instead. The harness runs it as a pod on the node's network.
 * The agent handles its address and the pods' DNS settings. For CoreDNS the agent also adds the rules that
 * exempt its packets from conntrack; NodeLocal DNSCache brings its own, which the agent awaits.
 */
export class FoundCache {
  readonly #space: NetNamespace;
  readonly #node: Host;
  readonly #files: WrittenFiles | undefined;
  readonly #noteLink: (name: string) => void;
  /** The image of NodeLocal DNSCache; undefined for CoreDNS. */
  #nodeLocal: string | undefined;

  /** @param noteLink called before a link is made */
  constructor(
    space: NetNamespace,
    node: Host,
    files: WrittenFiles | undefined,
    noteLink: (name: string) => void,
  ) {
    this.#space = space;
    this.#node = node;
    this.#files = files;
    this.#noteLink = noteLink;
  }

  /** Added first and removed last: nothing can listen at a missing address. */
  async address({ there, nodeLocal }: Extract<NodeAsk, { method: 'cache-address' }>): Promise<void> {
    if (this.#isThere === there)
      throw new Error(there ? `the node has a cache at ${NODE_DNS} already` : `${NODE_DNS} is gone already`);
    if (there) {
      this.#noteLink(LINK);
      this.#nodeLocal = nodeLocal;
    }
    await this.#node.ip(LINK_LINES[there ? 'up' : 'down']);
    if (this.#isThere !== there)
      throw new Error(`${NODE_DNS} on ${LINK} should be ${there ? 'there' : 'gone'}`);
  }

  /** Empty without a cache. */
  async totals(): Promise<Record<string, number>> {
    return this.#isThere && this.#listens() ? cacheTotals() : {};
  }

  async apply({ notrack }: { readonly notrack: boolean }): Promise<Done> {
    await until(
      `a cache at ${NODE_DNS}`,
      () => Promise.resolve(this.#listens() ? true : undefined),
      AbortSignal.timeout(LISTENS_WITHIN_MS),
    );
    const files = this.#files?.site(({ nameserver }) => ({ nameserver }));
    return restorable([
      {
        name: this.#node.name,
        read: () => this.#look(),
        make: () => (notrack ? this.#keepOut() : undefined),
        restore: () => this.#letIn(notrack),
      },
      ...(files === undefined ? [] : [files]),
    ]);
  }

  /** NodeLocal DNSCache makes its rules once it listens. */
  async #keepOut(): Promise<void> {
    if (this.#nodeLocal === undefined) {
      await this.#node.nft(NOTRACK_RULES);
      return;
    }
    await until(
      'the rules of NodeLocal DNSCache',
      async () => ((await hasNodeLocalRules(this.#node)) ? true : undefined),
      AbortSignal.timeout(LISTENS_WITHIN_MS),
    );
  }

  async #letIn(notrack: boolean): Promise<void> {
    if (this.#nodeLocal !== undefined) await deleteNodeLocalRules(this.#node);
    else if (notrack && (await this.#node.hasTable(NOTRACK_TABLE))) await this.#node.nft(DROP_NOTRACK_RULES);
  }

  async #look(): Promise<Value> {
    const untracked = (await this.#node.hasTable(NOTRACK_TABLE)) || (await hasNodeLocalRules(this.#node));
    return { packets: untracked ? 'NOTRACK' : 'tracked' };
  }

  get #isThere(): boolean {
    const all = this.#space.within(() => Object.values(networkInterfaces()));
    return all.some((of) => of?.some(({ address }) => address === NODE_DNS));
  }

  /** Over UDP and TCP. Asks the kernel instead of the cache, so no packet enters the table. */
  #listens(): boolean {
    return this.#space.within(() =>
      ['udp', 'tcp'].every((protocol) =>
        readFileSync(`/proc/thread-self/net/${protocol}`, 'utf8').includes(` ${SOCKET} `),
      ),
    );
  }
}

/** Format of /proc/net: the address as a little-endian number, and the port. */
const SOCKET = `${NODE_DNS.split('.')
  .toReversed()
  .map((byte) => hex(Number(byte), 2))
  .join('')}:${hex(DNS_PORT, 4)}`;

function hex(number: number, digits: number): string {
  return number.toString(16).toUpperCase().padStart(digits, '0');
}

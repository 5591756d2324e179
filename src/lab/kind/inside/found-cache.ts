import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { execa } from 'execa';
import { hasNftTable, nft } from '../../../kernel/nft.ts';
import type { NetNamespace } from '../../../kernel/netns.ts';
import type { ChangeOf } from '../../../schema/change.ts';
import { undone, type Done } from '../../../change/done.ts';
import type { NodeDns } from '../../../agent/ground.ts';
import { NODE_DNS } from '../../../agent/network.ts';
import {
  DNS_PORT,
  DROP_NOTRACK_RULES,
  LINK,
  LINK_LINES,
  NOTRACK_RULES,
  NOTRACK_TABLE,
} from '../../../agent/node-dns-parts.ts';
import { allOrNone } from '../../../change/undo-stack.ts';
import type { NodeAsk } from '../agent-rpc.ts';
import { cacheTotals } from './dns-metrics.ts';
import { deleteNodeLocalRules, hasNodeLocalRules } from './node-local-rules.ts';
import { until } from '../../../util/until.ts';
import type { WrittenFiles } from './written-files.ts';

const LISTENS_WITHIN_MS = 10_000;

/**
 * NodeLocal DNSCache on this node, or a CoreDNS in its place: the harness has it run as a pod on the node's network. Its
 * address, and what the pods are told, are the agent's; so are the rules that keep its packets out of conntrack where
 * it is a CoreDNS. NodeLocal DNSCache itself brings them, and the agent waits for them.
 */
export class FoundCache implements NodeDns {
  readonly #node: NetNamespace;
  readonly #files: WrittenFiles | undefined;
  readonly #noteLink: (name: string) => void;
  #listener: Listener = { found: '' };

  /** @param noteLink told before a link is made */
  constructor(node: NetNamespace, files: WrittenFiles | undefined, noteLink: (name: string) => void) {
    this.#node = node;
    this.#files = files;
    this.#noteLink = noteLink;
  }

  /** The address first, and last: nothing can listen at one that is not there. */
  async address({ there, nodeLocal }: Extract<NodeAsk, { method: 'cache-address' }>): Promise<void> {
    if (this.#isThere === there)
      throw new Error(there ? `the node has a cache at ${NODE_DNS} already` : `${NODE_DNS} is gone already`);
    if (there) {
      this.#noteLink(LINK);
      this.#listener = { found: await this.#look(), nodeLocal };
    }
    const input = `${LINK_LINES[there ? 'up' : 'down'].join('\n')}\n`;
    await this.#node.within(() => execa('ip', ['-batch', '-'], { input }));
    if (this.#isThere !== there)
      throw new Error(`${NODE_DNS} on ${LINK} should be ${there ? 'there' : 'gone'}`);
  }

  /** None where there is no cache. */
  async totals(): Promise<Record<string, number>> {
    return this.#isThere && this.#listens() ? cacheTotals() : {};
  }

  async apply({ notrack }: ChangeOf<'node-dns'>): Promise<Done> {
    await until(
      `a cache at ${NODE_DNS}`,
      () => Promise.resolve(this.#listens() ? true : undefined),
      AbortSignal.timeout(LISTENS_WITHIN_MS),
    );
    const { found, nodeLocal } = this.#listener;
    const { undo } = await allOrNone(async (stack) => {
      stack.defer(() => this.#letIn(notrack));
      if (notrack) await this.#keepOut();
      const told = this.#files?.change(() => '');
      if (told !== undefined) stack.defer(told.undo);
    });
    return {
      found,
      readBack: `${await this.#look()}, ${nodeLocal ?? 'where a CoreDNS stands in NodeLocal DNSCache’s place'}`,
      emulated: false,
      undo: () =>
        undone(found, async () => {
          await undo();
          return this.#look();
        }),
    };
  }

  /** NodeLocal DNSCache makes its rules once it listens. */
  async #keepOut(): Promise<void> {
    if (this.#listener.nodeLocal === undefined) {
      await nft(this.#node, NOTRACK_RULES);
      return;
    }
    await until(
      'the rules of NodeLocal DNSCache',
      async () => ((await hasNodeLocalRules(this.#node)) ? true : undefined),
      AbortSignal.timeout(LISTENS_WITHIN_MS),
    );
  }

  async #letIn(notrack: boolean): Promise<void> {
    if (this.#listener.nodeLocal !== undefined) await deleteNodeLocalRules(this.#node);
    else if (notrack && (await hasNftTable(this.#node, NOTRACK_TABLE)))
      await nft(this.#node, DROP_NOTRACK_RULES);
  }

  /** `nameserver 169.254.20.10, NOTRACK`; a node whose pods look nothing up has the rules alone. */
  async #look(): Promise<string> {
    const kept = (await hasNftTable(this.#node, NOTRACK_TABLE)) || (await hasNodeLocalRules(this.#node));
    const past = kept ? 'NOTRACK' : 'tracked';
    return this.#files === undefined ? past : `nameserver ${this.#files.nameserver}, ${past}`;
  }

  get #isThere(): boolean {
    const all = this.#node.within(() => Object.values(networkInterfaces()));
    return all.some((of) => of?.some(({ address }) => address === NODE_DNS));
  }

  /** Over UDP and TCP. The kernel is asked, not the cache: no packet of ours is in the table. */
  #listens(): boolean {
    return this.#node.within(() =>
      ['udp', 'tcp'].every((protocol) =>
        readFileSync(`/proc/thread-self/net/${protocol}`, 'utf8').includes(` ${SOCKET} `),
      ),
    );
  }
}

/** What was there before it, and which it is: the image of NodeLocal DNSCache, or a CoreDNS. */
interface Listener {
  readonly found: string;
  readonly nodeLocal?: string | undefined;
}

/** As /proc/net has it: an address as a little-endian number, and the port. */
const SOCKET = `${NODE_DNS.split('.')
  .toReversed()
  .map((byte) => hex(Number(byte), 2))
  .join('')}:${hex(DNS_PORT, 4)}`;

function hex(number: number, digits: number): string {
  return number.toString(16).toUpperCase().padStart(digits, '0');
}

import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { execa } from 'execa';
import type { NetNamespace } from '../../../kernel/netns.ts';
import { hasNftTable, nft } from '../../../kernel/nft.ts';
import { tcpListener, udpSocket } from '../../../kernel/socket.ts';
import { DnsCache } from '../../../server/dns-cache.ts';
import { serveDns } from '../../../server/dns-transport.ts';
import { DnsUpstream } from '../../../server/dns-upstream.ts';
import type { ChangeOf } from '../../../schema/change.ts';
import { NODE_DNS, type Node } from '../../../agent/network.ts';
import { CLUSTER_DNS } from '../addresses.ts';
import {
  DNS_PORT,
  DROP_NOTRACK_RULES,
  LINK,
  LINK_LINES,
  NOTRACK_RULES,
  NOTRACK_TABLE,
} from '../../../agent/node-dns-parts.ts';
import { undone, type Done } from '../../../change/done.ts';
import type { NodeDns } from '../../../agent/ground.ts';
import type { ResolverFiles } from '../../../agent/resolv.ts';
import { restorable, type Site } from '../../../change/restorable.ts';
import type { Spaces } from '../../../agent/spaces.ts';
import { allOrNone } from '../../../change/undo-stack.ts';

/** A node elsewhere reaches services by its default route; those of a lab have none, since nothing is to leave it. */
const TO_CLUSTER_DNS = `${CLUSTER_DNS}/32 dev eth0`;

/** What is run on each node, for `ip -batch`. */
export const NODE_DNS_LINK = {
  up: [...LINK_LINES.up, `route add ${TO_CLUSTER_DNS}`],
  down: [`route del ${TO_CLUSTER_DNS}`, ...LINK_LINES.down],
} as const;

/** A caching resolver on every node, as NodeLocal DNSCache puts it there: the pods ask it, and it asks kube-dns over TCP. */
export class NodeCaches implements NodeDns {
  readonly #nodes: readonly Node[];
  readonly #spaces: Spaces;
  readonly #resolver: ResolverFiles | undefined;
  #caches: readonly DnsCache[] = [];

  constructor(nodes: readonly Node[], spaces: Spaces, resolver: ResolverFiles | undefined) {
    this.#nodes = nodes;
    this.#spaces = spaces;
    this.#resolver = resolver;
  }

  /** Totals by figure name; none where there are no caches. */
  totals(): Record<string, number> {
    if (this.#caches.length === 0) return {};
    const sum = (of: (cache: DnsCache) => number): number =>
      this.#caches.reduce((all, each) => all + of(each), 0);
    return { 'cache.queries': sum(({ queries }) => queries), 'cache.misses': sum(({ misses }) => misses) };
  }

  async apply({ notrack }: ChangeOf<'node-dns'>): Promise<Done> {
    const files = this.#resolver;
    if (files === undefined) throw new Error('this topology has no resolver: give it topology.resolver');
    const found = await this.#look(files);
    const { undo } = await allOrNone(async (stack) => {
      const cached = await restorable(this.#nodes.map(({ name }) => this.#site(name, notrack)));
      stack.defer(cached.undo);
      const serving = this.#serve();
      stack.defer(() => {
        serving.dispose();
        this.#caches = [];
      });
      const before = files.nameserver;
      stack.defer(() => {
        files.nameserver = before;
      });
      files.nameserver = NODE_DNS;
    });
    return {
      found,
      readBack: await this.#look(files),
      emulated: false,
      undo: () =>
        undone(found, async () => {
          await undo();
          return this.#look(files);
        }),
    };
  }

  /** The cache's address on a node, and the rules that keep its packets out of conntrack. */
  #site(name: string, notrack: boolean): Site {
    const space = this.#spaces.get(name);
    const input = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
    const hasLink = (): boolean =>
      space.within(() =>
        readFileSync('/proc/thread-self/net/dev', 'utf8')
          .split(/[\s:]+/)
          .includes(LINK),
      );
    return {
      name,
      read: async () => (hasLink() || (await hasNftTable(space, NOTRACK_TABLE)) ? 'there' : 'none'),
      make: async () => {
        await execa('ip', ['-netns', name, '-batch', '-'], { input: input(NODE_DNS_LINK.up) });
        if (notrack) await nft(space, NOTRACK_RULES);
      },
      restore: async () => {
        if (await hasNftTable(space, NOTRACK_TABLE)) await nft(space, DROP_NOTRACK_RULES);
        // Whatever of it was made.
        const down = { input: input(NODE_DNS_LINK.down), reject: false } as const;
        if (hasLink()) await execa('ip', ['-force', '-netns', name, '-batch', '-'], down);
      },
    };
  }

  #serve(): DisposableStack {
    using serving = new DisposableStack();
    this.#caches = this.#nodes.map(({ name }) => {
      const space = this.#spaces.get(name);
      const upstream = serving.use(new DnsUpstream(space, CLUSTER_DNS, DNS_PORT));
      const cache = new DnsCache((query) => upstream.ask(query));
      const sockets = [udpSocket(space, NODE_DNS, DNS_PORT), tcpListener(space, NODE_DNS, DNS_PORT)] as const;
      serving.use(serveDns(...sockets, (query) => cache.answer(query)));
      return cache;
    });
    return serving.move();
  }

  /** `nameserver 169.254.20.10, on 3 of 3 nodes, NOTRACK on 3`. */
  async #look(files: ResolverFiles): Promise<string> {
    const spaces = this.#nodes.map(({ name }) => this.#spaces.get(name));
    const held = spaces.filter(holdsAddress);
    const past = await Promise.all(spaces.map((space) => hasNftTable(space, NOTRACK_TABLE)));
    const untracked = past.filter(Boolean).length;
    return `nameserver ${files.nameserver}, a cache on ${String(held.length)} of ${String(spaces.length)} nodes, NOTRACK on ${String(untracked)}`;
  }
}

function holdsAddress(space: NetNamespace): boolean {
  return space.within(() =>
    Object.values(networkInterfaces()).some((of) => of?.some(({ address }) => address === NODE_DNS)),
  );
}

import { DnsCache } from '../../../server/dns-cache.ts';
import { serveDns } from '../../../server/dns-transport.ts';
import { DnsUpstream } from '../../../server/dns-upstream.ts';
import type { NetNamespace } from '../../../kernel/netns.ts';
import { tcpListener, udpSocket } from '../../../kernel/socket.ts';
import type { Hosts } from '../../../agent/hosts.ts';
import { NODE_DNS, type Node } from '../../../agent/network.ts';
import {
  DNS_PORT,
  DROP_NOTRACK_RULES,
  LINK,
  LINK_LINES,
  NOTRACK_RULES,
  NOTRACK_TABLE,
} from '../../../agent/node-dns-parts.ts';
import type { ResolverFiles } from '../../../agent/resolv.ts';
import type { Done } from '../../../change/done.ts';
import { restorable, type Site } from '../../../change/restorable.ts';
import { CLUSTER_DNS } from '../addresses.ts';

/** Nodes of a lab have no default route, since nothing may leave it; so services need their own. */
const TO_CLUSTER_DNS = `${CLUSTER_DNS}/32 dev eth0`;

/** Sets up and removes the link on each node, for `ip -batch`. */
const NODE_DNS_LINK = {
  up: [...LINK_LINES.up, `route add ${TO_CLUSTER_DNS}`],
  down: [`route del ${TO_CLUSTER_DNS}`, ...LINK_LINES.down],
} as const;

/** A cache serving DNS on a node. Disposing closes its sockets. */
interface ServedCache extends Disposable {
  readonly queries: number;
  readonly misses: number;
}

export type ServeCache = (node: string) => ServedCache;

/** A caching resolver on every node, like NodeLocal DNSCache: pods ask it, and it asks kube-dns over TCP. */
export class NodeCaches {
  readonly #nodes: readonly Node[];
  readonly #hosts: Hosts;
  readonly #resolver: ResolverFiles | undefined;
  readonly #serve: ServeCache;
  readonly #caches = new Map<string, ServedCache>();

  constructor(nodes: readonly Node[], hosts: Hosts, resolver: ResolverFiles | undefined, serve: ServeCache) {
    this.#nodes = nodes;
    this.#hosts = hosts;
    this.#resolver = resolver;
    this.#serve = serve;
  }

  /** Totals by figure name; empty without caches. */
  totals(): Record<string, number> {
    if (this.#caches.size === 0) return {};
    const sum = (of: (cache: ServedCache) => number): number =>
      [...this.#caches.values()].reduce((all, each) => all + of(each), 0);
    return { 'cache.queries': sum(({ queries }) => queries), 'cache.misses': sum(({ misses }) => misses) };
  }

  apply({ notrack }: { readonly notrack: boolean }): Promise<Done> {
    const files = this.#resolver;
    if (files === undefined) throw new Error('this topology has no resolver: add topology.resolver');
    const before = files.nameserver;
    return restorable([
      ...this.#nodes.map(({ name }) => this.#site(name, notrack)),
      {
        name: 'pods',
        read: () => ({ nameserver: files.nameserver }),
        make: () => {
          files.nameserver = NODE_DNS;
        },
        restore: () => {
          files.nameserver = before;
        },
      },
    ]);
  }

  /** The cache on a node, its address, and the rules that exempt its packets from conntrack. */
  #site(name: string, notrack: boolean): Site {
    const host = this.#hosts.get(name);
    return {
      name,
      read: async () => ({
        cache: host.hasLink(LINK) ? 'there' : 'none',
        packets: (await host.hasTable(NOTRACK_TABLE)) ? 'NOTRACK' : 'tracked',
      }),
      make: async () => {
        await host.ip(NODE_DNS_LINK.up);
        if (notrack) await host.nft(NOTRACK_RULES);
        this.#caches.set(name, this.#serve(name));
      },
      restore: async () => {
        this.#caches.get(name)?.[Symbol.dispose]();
        this.#caches.delete(name);
        if (await host.hasTable(NOTRACK_TABLE)) await host.nft(DROP_NOTRACK_RULES);
        // A missing route must not keep the link from being removed.
        if (host.hasLink(LINK))
          for (const line of NODE_DNS_LINK.down) await host.ip([line]).catch(() => undefined);
      },
    };
  }
}

/** A cache in a node's namespace, run by this process. */
export class NodeCache implements ServedCache {
  readonly #cache: DnsCache;
  readonly #serving = new DisposableStack();

  constructor(space: NetNamespace) {
    const upstream = this.#serving.use(new DnsUpstream(space, CLUSTER_DNS, DNS_PORT));
    this.#cache = new DnsCache((query) => upstream.ask(query));
    const sockets = [udpSocket(space, NODE_DNS, DNS_PORT), tcpListener(space, NODE_DNS, DNS_PORT)] as const;
    this.#serving.use(serveDns(...sockets, (query) => this.#cache.answer(query)));
  }

  get queries(): number {
    return this.#cache.queries;
  }

  get misses(): number {
    return this.#cache.misses;
  }

  [Symbol.dispose](): void {
    this.#serving.dispose();
  }
}

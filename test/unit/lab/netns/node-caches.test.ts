import { describe, expect, it } from 'vitest';
import { NODE_DNS } from '../../../../src/agent/network.ts';
import { LINK, NOTRACK_TABLE } from '../../../../src/agent/node-dns-parts.ts';
import { ResolverFiles } from '../../../../src/agent/resolv.ts';
import { CLUSTER_DNS } from '../../../../src/lab/netns/addresses.ts';
import { NodeCaches } from '../../../../src/lab/netns/inside/node-dns.ts';
import { isNotRestored } from '../../../../src/util/not-restored.ts';
import { MemoryHosts, obeying, refusing } from '../../host/memory-hosts.ts';
import { failureOf } from '../../failure-of.ts';

const NAMES = ['worker-1', 'worker-2'] as const;
const NODES = NAMES.map((name, i) => ({ name, ip: `172.18.0.${String(i + 2)}`, podCidr: '10.244.0.0/24' }));

/** Nodes in memory, the caches that are served on them, and the text of the pods' resolv.conf. */
function nodes() {
  const hosts = new MemoryHosts();
  const served: string[] = [];
  const texts: string[] = [];
  const failing = new Set<string>();
  const files = new ResolverFiles({ search: [], options: [] }, CLUSTER_DNS, (text) => texts.push(text));
  const serve = (node: string) => {
    if (failing.has(node)) throw new Error('address in use');
    served.push(node);
    return {
      ...{ queries: 10, misses: 4 },
      [Symbol.dispose]: () => void served.splice(served.indexOf(node), 1),
    };
  };
  const caches = new NodeCaches(NODES, hosts, files, serve);
  const state = () =>
    Promise.all(
      NAMES.map(async (name) => {
        const host = hosts.get(name);
        const route = host.routes.has(`${CLUSTER_DNS}/32`);
        return { link: host.hasLink(LINK), route, notrack: await host.hasTable(NOTRACK_TABLE) };
      }),
    );
  const nameserver = (): string | undefined => /nameserver (\S+)/.exec(texts.at(-1) ?? '')?.[1];
  return { hosts, caches, served, failing, state, nameserver };
}

const NOTHING = { link: false, route: false, notrack: false };
describe('a DNS cache on every node of the embedded lab', () => {
  it('every node has the link, the route, the rules and a cache, and the pods ask it', async () => {
    const { caches, served, state, nameserver } = nodes();
    const done = await caches.apply({ notrack: true });
    const all = { link: true, route: true, notrack: true };
    expect(await state()).toEqual([all, all]);
    expect([served, nameserver()]).toEqual([NAMES, NODE_DNS]);
    const [before, after] = [
      { cache: 'none', packets: 'tracked' },
      { cache: 'there', packets: 'NOTRACK' },
    ];
    expect(done.readings).toEqual([
      ...NAMES.map((node) => ({ node, before, after })),
      { node: 'pods', before: { nameserver: CLUSTER_DNS }, after: { nameserver: NODE_DNS } },
    ]);
  });

  it('the undo leaves nothing of it on any node, and the pods ask whom they asked before', async () => {
    const { caches, served, state, nameserver } = nodes();
    await (await caches.apply({ notrack: true })).undo();
    expect(await state()).toEqual([NOTHING, NOTHING]);
    expect([served, nameserver()]).toEqual([[], CLUSTER_DNS]);
  });

  it('without NOTRACK a node has a cache and no rules', async () => {
    const { caches, state } = nodes();
    const done = await caches.apply({ notrack: false });
    expect(await state()).toMatchObject([{ link: true, notrack: false }, { notrack: false }]);
    await done.undo();
    expect(await state()).toEqual([NOTHING, NOTHING]);
  });

  it.each([
    ['the link', 'link add'],
    ['the route', 'route add'],
    ['the rules', 'notrack'],
  ])('where one node refuses %s, no node has a cache and the pods are left alone', async (_, part) => {
    const { hosts, caches, served, state, nameserver } = nodes();
    refusing(hosts.get('worker-2'), part);
    await expect(caches.apply({ notrack: true })).rejects.toThrow('Operation not permitted');
    expect(await state()).toEqual([NOTHING, NOTHING]);
    expect([served, nameserver()]).toEqual([[], CLUSTER_DNS]);
  });

  it('where a cache can’t be served on one node, the others’ are closed', async () => {
    const { caches, served, failing, state } = nodes();
    failing.add('worker-2');
    await expect(caches.apply({ notrack: true })).rejects.toThrow('address in use');
    expect(await state()).toEqual([NOTHING, NOTHING]);
    expect([served, caches.totals()]).toEqual([[], {}]);
  });

  it('a link that stays is reported with its node, and is gone after the next undo', async () => {
    const { hosts, caches, state } = nodes();
    const done = await caches.apply({ notrack: true });
    refusing(hosts.get('worker-2'), 'link del');
    const failure = await failureOf(done.undo());
    expect(failure).toHaveProperty('message', expect.stringMatching(/worker-2: .*cache there/));
    expect(failure).toHaveProperty('message', expect.not.stringContaining('worker-1'));
    expect(isNotRestored(failure)).toBe(true);
    obeying(hosts.get('worker-2'));
    await done.undo();
    expect(await state()).toEqual([NOTHING, NOTHING]);
  });

  it('queries and misses are the sum of all caches, and no figures where there are none', async () => {
    const { caches } = nodes();
    expect(caches.totals()).toEqual({});
    const done = await caches.apply({ notrack: false });
    expect(caches.totals()).toEqual({ 'cache.queries': 20, 'cache.misses': 8 });
    await done.undo();
    expect(caches.totals()).toEqual({});
  });

  it('a topology without a resolver has no caches, and the message names what is missing', () => {
    const caches = new NodeCaches(NODES, new MemoryHosts(), undefined, () => {
      throw new Error('not served');
    });
    expect(() => caches.apply({ notrack: true })).toThrow('topology.resolver');
  });
});

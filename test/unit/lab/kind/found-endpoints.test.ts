import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { Network, Pod, Service } from '../../../../src/agent/network.ts';
import { ServiceEndpoints } from '../../../../src/agent/service-endpoints.ts';
import { foundRouting } from '../../../../src/lab/kind/inside/found-routing.ts';
import { address } from '../../../../src/lab/netns/addresses.ts';
import { topologySchema } from '../../../../src/schema/topology.ts';
import { isNotRestored } from '../../../../src/util/not-restored.ts';
import { MemoryHosts, obeying, refusing } from '../../host/memory-hosts.ts';
import { failureOf } from '../../failure-of.ts';

const OWN = 'worker-1';
const NETWORK: Network = address(
  topologySchema.parse({
    nodes: [OWN, 'worker-2'],
    pods: {
      old: { replicas: 2, nodes: [OWN, 'worker-2'] },
      new: { replicas: 1, nodes: [OWN] },
      coredns: { replicas: 1, nodes: [OWN] },
    },
    services: {
      web: { pods: 'old', port: 80, app: 'http' },
      'kube-dns': { pods: 'coredns', port: 53, app: 'dns' },
    },
  }),
);
const REPOINT = { service: 'web', pods: 'new', grace: 0.02 };
const ipsOf = (set: string, node?: string): readonly string[] =>
  NETWORK.pods.filter((pod) => pod.set === set && (node ?? pod.node) === pod.node).map(({ ip }) => ip);
const [OLD_OWN, OLD_OTHER] = [ipsOf('old', OWN), ipsOf('old', 'worker-2')];

/** The agent of one node: every pod has the route that the CNI plug-in made. */
async function agent() {
  const hosts = new MemoryHosts();
  const route = ({ ip, link = '' }: Pod): string => `route add ${ip}/32 dev ${link} scope host`;
  for (const pod of NETWORK.pods) await hosts.get(pod.node).ip([route(pod)]);
  const served: string[] = [];
  const servers = {
    serve: ({ name }: Service, pods: readonly Pod[]) => {
      if (pods.length > 0) served.push(`${name}: ${pods.map(({ ip }) => ip).join(' ')}`);
    },
  };
  const routing = foundRouting(OWN, 'cluster.local');
  const endpoints = new ServiceEndpoints(NETWORK, hosts, servers, routing, [REPOINT], delay);
  const host = hosts.get(OWN);
  const blackholes = (node = OWN): readonly string[] =>
    [...hosts.get(node).routes].flatMap(([to, via]) => (via === 'blackhole' ? [to.replace('/32', '')] : []));
  const cutOff = (): Promise<void> => expect.poll(blackholes).toEqual(OLD_OWN);
  const ips = (): readonly string[] => endpoints.service('web').endpoints.map(({ ip }) => ip);
  return { endpoints, host, served, blackholes, cutOff, ips, routes: () => new Map(host.routes) };
}

describe('the services of a cluster, on one of its nodes', () => {
  it('an agent starts the apps in its own pods only, also in those that a service selects later', async () => {
    const { served } = await agent();
    expect(served).toEqual([
      `web: ${OLD_OWN.join(' ')}`,
      `kube-dns: ${ipsOf('coredns').join(' ')}`,
      `web: ${ipsOf('new').join(' ')}`,
    ]);
  });

  it('the old pods of the node are cut off once their grace is over, and no pod of another node', async () => {
    const { endpoints, cutOff, blackholes, ips } = await agent();
    const done = await endpoints.repoint(REPOINT);
    expect(ips()).toEqual(ipsOf('new'));
    expect(blackholes()).toEqual([]);
    await cutOff();
    expect(blackholes('worker-2')).toEqual([]);
    expect(done.readings).toEqual([
      {
        node: OWN,
        before: { web: [...OLD_OWN, ...OLD_OTHER].sort() },
        after: { web: ipsOf('new') },
      },
    ]);
  });

  it('the old pods have the very routes back that they had, and the service its old endpoints', async () => {
    const { endpoints, cutOff, ips, routes } = await agent();
    const [before, selected] = [routes(), ips()];
    const done = await endpoints.repoint(REPOINT);
    await cutOff();
    expect(routes()).not.toEqual(before);
    await done.undo();
    expect([routes(), ips()]).toEqual([before, selected]);
  });

  it('an undo within the grace waits until the pods are cut off, so that none is cut off after it', async () => {
    const { endpoints, blackholes, routes } = await agent();
    const before = routes();
    const done = await endpoints.repoint(REPOINT);
    await done.undo();
    await delay(REPOINT.grace * 2000);
    expect(blackholes()).toEqual([]);
    expect(routes()).toEqual(before);
  });

  it('a route that does not come back is reported with the pod’s address, and tried again by the next undo', async () => {
    const { endpoints, cutOff, host, blackholes, routes } = await agent();
    const before = routes();
    const done = await endpoints.repoint(REPOINT);
    await cutOff();
    const [, other = ''] = OLD_OWN;
    // `ip` says nothing, and there is no route.
    const reached = vi.spyOn(host, 'hasRoute').mockImplementation((ip) => Promise.resolve(ip !== other));
    const failure = await failureOf(done.undo());
    expect(failure).toHaveProperty('message', expect.stringContaining(`no route to ${other}`));
    expect(isNotRestored(failure)).toBe(true);
    reached.mockRestore();
    await done.undo();
    expect(blackholes()).toEqual([]);
    expect(routes()).toEqual(before);
  });

  it('a node that refuses the routes says why, and that they are not restored', async () => {
    const { endpoints, cutOff, host, blackholes } = await agent();
    const done = await endpoints.repoint(REPOINT);
    await cutOff();
    refusing(host, 'scope host', 'No such device');
    const failure = await failureOf(done.undo());
    expect(failure).toHaveProperty('message', expect.stringContaining('No such device'));
    expect(isNotRestored(failure)).toBe(true);
    obeying(host);
    await done.undo();
    expect(blackholes()).toEqual([]);
  });

  it('pods that could not be cut off are reconnected by the undo all the same', async () => {
    const { endpoints, host, blackholes, routes } = await agent();
    const before = routes();
    const done = await endpoints.repoint(REPOINT);
    const blackholed = vi.spyOn(host, 'ip').mockImplementationOnce(async (lines) => {
      blackholed.mockRestore();
      await host.ip(lines);
      throw new Error('killed after the routes were made');
    });
    await expect.poll(blackholes).toEqual(OLD_OWN);
    await done.undo();
    expect(blackholes()).toEqual([]);
    expect(routes()).toEqual(before);
  });

  it('a set or a service that the topology does not have is named', async () => {
    const { endpoints } = await agent();
    const repoint = (more: Partial<typeof REPOINT>) => () => endpoints.repoint({ ...REPOINT, ...more });
    expect(repoint({ pods: 'nobody' })).toThrow('nobody');
    expect(repoint({ service: 'nowhere' })).toThrow('nowhere');
  });
});

import { describe, expect, it, vi } from 'vitest';
import type { Pod, Service } from '../../../../src/agent/network.ts';
import { address } from '../../../../src/lab/netns/addresses.ts';
import { build, SANDBOX } from '../../../../src/lab/netns/inside/build.ts';
import { ServiceEndpoints } from '../../../../src/agent/service-endpoints.ts';
import { programmedRouting } from '../../../../src/lab/netns/inside/programmed-routing.ts';
import { endpointsIn } from '../../../../src/lab/netns/inside/rules.ts';
import { topologySchema } from '../../../../src/schema/topology.ts';
import { isNotRestored } from '../../../../src/util/not-restored.ts';
import { MemoryHosts, obeying, refusing } from '../../host/memory-hosts.ts';
import { PROTOCOL } from '../../judge/history-builder.ts';
import { failureOf } from '../../failure-of.ts';

const NODES = ['worker-1', 'worker-2'] as const;
const NETWORK = address(
  topologySchema.parse({
    nodes: [...NODES],
    pods: {
      old: { replicas: 1, nodes: [...NODES] },
      new: { replicas: 2, nodes: ['worker-2'] },
      one: { replicas: 1, nodes: ['worker-2'] },
    },
    services: {
      web: { pods: 'old', port: 80, app: 'http' },
      peers: { pods: 'old', port: 80, app: 'http', headless: true },
    },
  }),
);
const ipsOf = (set: string): readonly string[] =>
  NETWORK.pods.filter((pod) => pod.set === set).map(({ ip }) => ip);
const [OLD, NEW] = [ipsOf('old'), ipsOf('new')];
const [OLD_1 = '', OLD_2 = ''] = OLD;
const repointOf = (service: string) => ({ service, pods: 'new', grace: 0.2 });

/** A lab that was built on hosts in memory. The grace of a change lasts until it is `over`. */
async function lab() {
  const hosts = new MemoryHosts();
  await build(NETWORK, PROTOCOL, hosts.get(SANDBOX), hosts);
  const served: string[] = [];
  const servers = {
    serve: ({ name }: Service, pods: readonly Pod[]) => {
      served.push(`${name}: ${pods.map(({ ip }) => ip).join(' ')}`);
    },
  };
  const graces: number[] = [];
  const grace = Promise.withResolvers<undefined>();
  const routing = programmedRouting(NETWORK, hosts);
  const endpoints = new ServiceEndpoints(NETWORK, hosts, servers, routing, [], (ms) => {
    graces.push(ms);
    return grace.promise;
  });
  const web = endpoints.service('web');
  /** Where each node's rules lead. */
  const programmed = (): Promise<readonly (readonly string[])[]> =>
    Promise.all(NODES.map(async (name) => endpointsIn(await hosts.get(name).tableText('kube-proxy'), web)));
  /** The old pods that their nodes have a route to. */
  const reached = async (): Promise<readonly string[]> => {
    const there = await Promise.all(NODES.map((node, i) => hosts.get(node).hasRoute(OLD[i] ?? '')));
    return OLD.filter((_, i) => there[i]);
  };
  const over = (): void => {
    grace.resolve(undefined);
  };
  /** The old pods go. */
  const pass = async (): Promise<void> => {
    over();
    await expect.poll(reached).toEqual([]);
  };
  return { hosts, endpoints, served, graces, programmed, reached, over, pass };
}

describe('the endpoints of a service in the embedded lab', () => {
  it('the new pods serve before any rule leads to them, and the old ones go after their grace', async () => {
    const { hosts, endpoints, served, graces, programmed, reached, pass } = await lab();
    const servedThen: number[] = [];
    hosts.get('worker-1').refuse = () => servedThen.push(served.length);
    const done = await endpoints.repoint(repointOf('web'));
    // One for each service from the start, and then this.
    expect([servedThen[0], served.at(-1)]).toEqual([3, `web: ${NEW.join(' ')}`]);
    expect(await programmed()).toEqual([NEW, NEW]);
    expect(graces).toEqual([200]);
    expect(await reached()).toEqual(OLD);
    await pass();
    expect(done.readings).toEqual([
      { node: 'web', before: { endpoints: [OLD.join(' ')] }, after: { endpoints: [NEW.join(' ')] } },
    ]);
  });

  it('the undo gives the old pods their links and routes back, and every node the rules that it had', async () => {
    const { endpoints, programmed, reached, pass } = await lab();
    const done = await endpoints.repoint(repointOf('web'));
    await pass();
    await done.undo();
    expect(await programmed()).toEqual([OLD, OLD]);
    expect(await reached()).toEqual(OLD);
    expect(endpoints.service('web').endpoints.map(({ ip }) => ip)).toEqual(OLD);
  });

  it('an undo within the grace waits until the old pods are gone, so that none goes after it', async () => {
    const { endpoints, reached, over } = await lab();
    const done = await endpoints.repoint(repointOf('web'));
    const undone = vi.fn();
    const undoing = done.undo().then(undone);
    await new Promise(setImmediate);
    expect(undone).not.toHaveBeenCalled();
    over();
    await undoing;
    expect(await reached()).toEqual(OLD);
  });

  it('rules that one node refuses are taken back on the others, and no pod goes', async () => {
    const { hosts, endpoints, programmed, graces } = await lab();
    refusing(hosts.get('worker-2'), `dnat to ${NEW[0] ?? ''}`, 'nft: Operation not permitted');
    await expect(endpoints.repoint(repointOf('web'))).rejects.toThrow('nft: Operation not permitted');
    expect(await programmed()).toEqual([OLD, OLD]);
    expect(graces).toEqual([]);
  });

  it.each(['new', 'one'])('so also where there are fewer pods than before: %s', async (pods) => {
    const { hosts, endpoints, programmed } = await lab();
    const [ip = ''] = ipsOf(pods);
    refusing(hosts.get('worker-2'), `dnat to ${ip}`, 'nft: Operation not permitted');
    await expect(endpoints.repoint({ ...repointOf('web'), pods })).rejects.toThrow(
      'nft: Operation not permitted',
    );
    expect(await programmed()).toEqual([OLD, OLD]);
  });

  it('a pod whose route does not come back is reported by its address, and tried again by the next undo', async () => {
    const { hosts, endpoints, programmed, pass } = await lab();
    const done = await endpoints.repoint(repointOf('web'));
    await pass();
    const lost = vi
      .spyOn(hosts.get('worker-2'), 'hasRoute')
      .mockImplementation((ip) => Promise.resolve(ip !== OLD_2));
    const failure = await failureOf(done.undo());
    expect(failure).toHaveProperty('message', expect.stringContaining(`no route to ${OLD_2}`));
    expect(failure).toHaveProperty('message', expect.not.stringContaining(`no route to ${OLD_1}`));
    expect(isNotRestored(failure)).toBe(true);
    lost.mockRestore();
    await done.undo();
    expect(await programmed()).toEqual([OLD, OLD]);
  });

  it('rules go back also where a node refuses the links of its pods', async () => {
    const { hosts, endpoints, programmed, reached, pass } = await lab();
    const done = await endpoints.repoint(repointOf('web'));
    await pass();
    refusing(hosts.get('worker-1'), 'link set', 'Cannot find device');
    const failure = await failureOf(done.undo());
    expect(failure).toHaveProperty('message', expect.stringContaining('Cannot find device'));
    expect(isNotRestored(failure)).toBe(true);
    expect(await programmed()).toEqual([OLD, OLD]);
    expect(await reached()).toEqual([OLD_2]);
    obeying(hosts.get('worker-1'));
    await done.undo();
    expect(await reached()).toEqual(OLD);
  });

  it('a headless service has its addresses changed and no rule', async () => {
    const { endpoints, programmed } = await lab();
    const peers = 'peers.default.svc.cluster.local';
    expect(endpoints.addresses(peers)).toEqual(OLD);
    const done = await endpoints.repoint(repointOf('peers'));
    expect(endpoints.addresses(peers)).toEqual(NEW);
    expect(done.readings).toMatchObject([{ before: { endpoints: OLD }, after: { endpoints: NEW } }]);
    expect(await programmed()).toEqual([OLD, OLD]);
  });

  it('the DNS has the address of a service whatever stands behind it, and none of a name that is no service', async () => {
    const { endpoints } = await lab();
    const web = endpoints.service('web').ip;
    await endpoints.repoint(repointOf('web'));
    expect(endpoints.addresses('web.default.svc.cluster.local')).toEqual([web]);
    expect(endpoints.addresses('web')).toEqual([]);
  });
});

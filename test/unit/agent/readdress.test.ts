import { describe, expect, it } from 'vitest';
import { readdress } from '../../../src/agent/readdress.ts';
import { address } from '../../../src/lab/netns/addresses.ts';
import { topologySchema } from '../../../src/schema/topology.ts';
import { MemoryHosts, refusing } from '../host/memory-hosts.ts';

const NETWORK = address(
  topologySchema.parse({
    nodes: ['worker-1', 'worker-2'],
    pods: {
      old: { replicas: 2, nodes: ['worker-1'] },
      heir: { replicas: 2, nodes: ['worker-1'] },
      few: { replicas: 1, nodes: ['worker-1'] },
      far: { replicas: 2, nodes: ['worker-2'] },
    },
    services: {},
  }),
);
const OLD = ['10.244.0.2', '10.244.0.3'];
const HEIRS_LINKS = ['dev pod2', 'dev pod3'];

describe('an address that another pod gets', () => {
  it('is routed to that pod, one each, and to nobody once that is undone', async () => {
    const hosts = new MemoryHosts();
    const routes = () => OLD.map((ip) => hosts.get('worker-1').routes.get(`${ip}/32`));
    const { undo } = await readdress(NETWORK, hosts, { pods: 'heir', of: 'old' });
    expect(routes()).toEqual(HEIRS_LINKS);
    await undo();
    expect(routes()).toEqual([undefined, undefined]);
  });

  it('stays with nobody where a pod can’t have it', async () => {
    const hosts = new MemoryHosts();
    refusing(hosts.get('heir-1'), 'addr add');
    await expect(readdress(NETWORK, hosts, { pods: 'heir', of: 'old' })).rejects.toThrow(
      'Operation not permitted',
    );
    expect(hosts.get('worker-1').routes.size).toBe(0);
  });

  it.each(['few', 'far'])('is refused where there are not as many pods on the same nodes: %s', (of) => {
    expect(() => readdress(NETWORK, new MemoryHosts(), { pods: 'heir', of })).toThrow(
      `gets no address: ${of} needs as many pods, on the same nodes`,
    );
  });
});

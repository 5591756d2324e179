import { expect, it } from 'vitest';
import { routeCrowd } from '../../../src/agent/traffic-routes.ts';
import { TRAFFIC } from '../../../src/util/address-plan.ts';
import { MemoryHosts } from '../host/memory-hosts.ts';

const POD = { name: 'clients-0', set: 'clients', node: 'worker-1', ip: '10.244.0.2', link: 'pod0' };

it('a crowd’s addresses are routed on its pod’s node, and the pod forwards nothing', async () => {
  const hosts = new MemoryHosts();
  await routeCrowd(hosts, [POD], 'clients-0');
  expect(hosts.get('worker-1').routes.get(TRAFFIC.crowd.network)).toBe('via 10.244.0.2 dev pod0 onlink');
  expect(hosts.get('clients-0').readSysctl('net.ipv4.ip_forward')).toBe('0');
});

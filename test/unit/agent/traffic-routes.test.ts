import { BlockList } from 'node:net';
import { describe, expect, it } from 'vitest';
import { routeCrowd, TRAFFIC } from '../../../src/agent/traffic-routes.ts';
import { formatIp, parseIp } from '../../../src/kernel/ipv4.ts';
import { MemoryHosts } from '../host/memory-hosts.ts';

const POD = { name: 'clients-0', set: 'clients', node: 'worker-1', ip: '10.244.0.2', link: 'pod0' };

describe('the networks of traffic without sockets', () => {
  it('hold their own addresses, and none of another’s', () => {
    for (const [name, { network, ...ends }] of Object.entries(TRAFFIC)) {
      const [first, length] = [network.replace(/\/.*/, ''), Number(network.replace(/.*\//, ''))];
      const block = new BlockList();
      block.addSubnet(first, length);
      const own = 'ip' in ends ? [ends.ip] : [ends.first, formatIp(parseIp(ends.first) + ends.count - 1)];
      expect(own.filter((ip) => !block.check(ip))).toEqual([]);
      const others = Object.entries(TRAFFIC).filter(([other]) => other !== name);
      expect(others.filter(([, other]) => block.check(other.network.replace(/\/.*/, '')))).toEqual([]);
    }
  });

  it('of a crowd are routed on the pod’s node, and the pod forwards nothing', async () => {
    const hosts = new MemoryHosts();
    await routeCrowd(hosts, [POD], 'clients-0');
    expect(hosts.get('worker-1').routes.get(TRAFFIC.crowd.network)).toBe('via 10.244.0.2 dev pod0 onlink');
    expect(hosts.get('clients-0').readSysctl('net.ipv4.ip_forward')).toBe('0');
  });
});

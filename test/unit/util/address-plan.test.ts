import { BlockList } from 'node:net';
import { expect, it } from 'vitest';
import { formatIp, parseIp } from '../../../src/kernel/ipv4.ts';
import { TRAFFIC } from '../../../src/util/address-plan.ts';

const NETWORKS = Object.entries(TRAFFIC);

it.each(NETWORKS)('the network of %s holds its own addresses, and no other network', (name, traffic) => {
  const [first = '', length] = traffic.network.split('/');
  const block = new BlockList();
  block.addSubnet(first, Number(length));
  const own =
    'ip' in traffic ? [traffic.ip] : [traffic.first, formatIp(parseIp(traffic.first) + traffic.count - 1)];
  expect(own.filter((ip) => !block.check(ip))).toEqual([]);
  const others = NETWORKS.filter(([other]) => other !== name).map(([, { network }]) => network.split('/')[0]);
  expect(others.filter((ip = '') => block.check(ip))).toEqual([]);
});

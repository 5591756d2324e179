import { expect, it } from 'vitest';
import { isNetlinkLine } from '../../../src/kernel/rtnetlink.ts';

it.each([
  'link set eth0 up',
  'addr add 10.244.0.2/32 dev eth0',
  'route add default via 10.244.0.1 dev eth0',
  'route add 10.244.1.0/24 via 172.18.0.3',
  'neigh add 10.244.0.1 lladdr 02:00:00:00:00:01 dev eth1 nud permanent',
])('a line that rtnetlink takes without ip: %s', (line) => {
  expect(isNetlinkLine(line)).toBe(true);
});

it.each([
  'link add node0 type veth peer name eth0 netns worker-1',
  'link set pod0 down',
  'route add 198.18.0.0/16 via 10.244.0.2 dev pod0 onlink',
  'route replace blackhole 10.244.0.2/32 proto 237',
])('a line that is left to ip: %s', (line) => {
  expect(isNetlinkLine(line)).toBe(false);
});

import { describe, expect, it } from 'vitest';
import type { ConntrackEntry } from '../../../../src/kernel/conntrack-dump.ts';
import { parseTries } from '../../../../src/kernel/routes.ts';
import { ofCluster, withEnd } from '../../../../src/lab/kind/entries-of.ts';
import { ClusterStore } from '../../../../src/lab/kind/outside/cluster/cluster-store.ts';
import { deleteCluster } from '../../../../src/lab/kind/outside/cluster/delete-cluster.ts';
import { FakeKind, RECORD as ONE } from './fake-kind.ts';
import { FakeSysctls } from './fake-sysctls.ts';

const TCP = 6;
const ICMP = 1;
const ENDS = { nodes: ['172.18.0.2', '172.18.0.3'], podRanges: ['10.244.0.0/24', '10.244.1.0/24'] };
const RECORD = { ...ONE, podRanges: ENDS.podRanges };
/** What a node of flannel's has: its own pods' range, another node's, and a default route. */
const FLANNEL = parseTries(`Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 10.244.0.0/23 2 0 2
        |-- 10.244.0.0
           /24 link UNICAST
        |-- 10.244.0.1
           /32 host LOCAL
        |-- 10.244.1.0
           /24 universe UNICAST
Id 52:
     |-- 100.64.0.0
        /10 universe UNICAST
     |-- 128.0.0.0
        /1 universe UNICAST
`);

function entry(source: string, destination: string, protocol = TCP): ConntrackEntry {
  const ports = { sourcePort: 40_000, destinationPort: 80 };
  return {
    ...{ protocol, source, destination, ...ports },
    ...{ replySource: destination, state: 'ESTABLISHED', timeout: 432_000 },
  };
}

const BETWEEN_PODS = entry('10.244.0.7', '10.244.1.5');
const OF_A_NODE = entry('172.18.0.3', '192.0.2.1');

describe('what a deleted cluster leaves in the machine’s own table', () => {
  const nothingRouted = (): boolean => false;

  it('is every entry between its pods, or of one of its nodes', () => {
    const isTheirs = ofCluster(ENDS, nothingRouted);
    expect([BETWEEN_PODS, OF_A_NODE, entry('10.244.1.5', '172.18.0.2')].filter(isTheirs)).toHaveLength(3);
  });

  it('is no entry of other addresses of kubeadm’s range, nor one with something outside', () => {
    const isTheirs = ofCluster(ENDS, nothingRouted);
    const others = [
      entry('10.244.2.2', '10.244.3.3'),
      entry('10.244.1.5', '192.0.2.1'),
      entry('192.0.2.1', '192.0.2.2'),
    ];
    expect(others.filter(isTheirs)).toEqual([]);
  });

  it('is no entry of pods to which the machine has a route: they are of its own cluster', () => {
    const isTheirs = ofCluster(ENDS, (ip) => FLANNEL.check(ip));
    expect([BETWEEN_PODS, entry('10.244.1.5', '10.244.1.6')].filter(isTheirs)).toEqual([]);
    expect([OF_A_NODE].filter(isTheirs)).toHaveLength(1);
  });

  it('is no entry of ICMP, which no ports name', () => {
    expect([entry('172.18.0.3', '172.18.0.2', ICMP)].filter(ofCluster(ENDS, nothingRouted))).toEqual([]);
    expect([entry('172.18.0.3', '172.18.0.2', ICMP)].filter(withEnd(() => true))).toEqual([]);
  });

  it('is deleted last, and named where it can’t be', async () => {
    using kind = new FakeKind();
    kind.haveCluster();
    const store = new ClusterStore(kind.env, new FakeSysctls());
    await store.put(RECORD);
    const deleteEntries = (ends: unknown): Promise<void> => {
      expect(ends).toEqual({ nodes: ['198.51.100.3'], podRanges: ENDS.podRanges });
      expect(store.all()).toEqual([]);
      return Promise.reject(new Error('EPERM'));
    };
    expect(await deleteCluster(RECORD, { store, env: kind.env, deleteEntries })).toEqual([
      'entries of the cluster’s connections stay until they expire: EPERM',
    ]);
  });
});

it('routed are the prefixes of every table, without the default and halves of it', () => {
  const addresses = ['10.244.0.9', '10.244.1.9', '100.127.0.1', '10.244.2.1', '192.0.2.1'];
  expect(addresses.filter((ip) => FLANNEL.check(ip))).toEqual(['10.244.0.9', '10.244.1.9', '100.127.0.1']);
});

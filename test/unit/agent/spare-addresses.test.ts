import { describe, expect, it } from 'vitest';
import type { Network } from '../../../src/agent/network.ts';
import { spareAddresses } from '../../../src/agent/spare-addresses.ts';
import { address } from '../../../src/lab/netns/addresses.ts';
import portExhaustion from '../../../scenarios/port-exhaustion.ts';
import { moreSourceAddresses } from '../../../src/remedy/more-source-addresses.ts';

function network(podCidr: string, ips: readonly string[] = []): Network {
  const pods = ips.map((ip, i) => ({ name: `app-${String(i)}`, set: 'app', node: 'a', ip, link: 'pod0' }));
  return { nodes: [{ name: 'a', ip: '172.18.0.3', podCidr }], pods, services: [] };
}

describe('the spare addresses of a node', () => {
  it('are the last of its own range, whatever range it was given', () => {
    expect(spareAddresses('a', network('10.244.7.0/24'))).toBe('10.244.7.252-10.244.7.254');
    expect(spareAddresses('a', network('10.10.1.64/26'))).toBe('10.10.1.124-10.10.1.126');
    expect(spareAddresses('a', network('10.10.0.0/20'))).toBe('10.10.15.252-10.10.15.254');
  });

  it('are no pod’s: a cluster gives out one address after the other, and begins again at the end', () => {
    const taken = ['10.244.7.253', '10.244.7.249'];
    expect(spareAddresses('a', network('10.244.7.0/24', taken))).toBe('10.244.7.250-10.244.7.252');
  });

  it('are missed where there are none', () => {
    const taken = Array.from({ length: 5 }, (_, i) => `10.10.1.${String(i + 2)}`);
    expect(() => spareAddresses('a', network('10.10.1.0/29', taken))).toThrow(
      'a has no 3 spare addresses in 10.10.1.0/29',
    );
  });

  it('are those that the embedded lab routes to the node', () => {
    const protocol = portExhaustion.protocol(
      { where: 'node' },
      { kernel: [6, 18], squeeze: 'ballast', privileged: false },
    );
    expect(spareAddresses('worker-1', address(protocol.topology))).toBe('10.244.0.252-10.244.0.254');
    // The lab supplies the addresses: the remedy knows no address plan.
    const [change] = moreSourceAddresses.changes(protocol);
    expect(change?.kind === 'nft' ? change.rules : []).toEqual([
      expect.stringMatching(/ snat to \$spare_addresses:32768-33271$/),
    ]);
  });
});

import { describe, expect, it, test } from 'vitest';
import { REMEDIES } from '../../../src/remedy/index.ts';
import type { Remedy } from '../../../src/remedy/remedy.ts';
import { whyNotTried } from '../../../src/run/requirements.ts';
import type { Protocol } from '../../../src/schema/protocol.ts';
import { PROTOCOL } from '../judge/history-builder.ts';
import { kernelWith } from '../../../src/remedy/requirement.ts';

const remedy = (name: string): Remedy => {
  const found = REMEDIES.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no remedy ${name}`);
  return found;
};
const here = (protocol: Partial<Protocol>, privileged = true) => ({
  protocol: { ...PROTOCOL, ...protocol },
  privileged,
  squeeze: 'ballast' as const,
});
const SNAT = {
  kind: 'nft',
  node: 'worker-2',
  type: 'nat',
  hook: 'postrouting',
  priority: 100,
  rules: ['ip saddr 10.244.0.0/16 masquerade to :32768-33271'],
} as const;
const TWO_PODS = {
  kind: 'dns-race',
  pods: 'app',
  pairs: 10,
  seconds: 1,
  name: 'web',
  send: 'at-once',
  sockets: 'two-pods',
  patience: 1,
} as const;
const spare = {
  topology: { ...PROTOCOL.topology, pods: { app: { replicas: 3, nodes: ['worker-1', 'worker-2'] } } },
};

describe('what a remedy requires', () => {
  test.each<[name: string, protocol: Partial<Protocol>, reason: string]>([
    ['trailing-dot', {}, 'applies to the load dns-client; this scenario’s is simple-app'],
    ['keepalive-nginx', {}, 'applies to nginx; the topology has none'],
    ['random-fully', {}, 'applies where a node masquerades; none does here'],
    ['more-source-addresses', {}, 'needs spare pods or a node that masquerades; there is neither'],
    [
      'single-request-reopen',
      { demand: TWO_PODS },
      'applies to the two queries of one lookup; here each is another pod’s',
    ],
  ])('keeps %s out, with the reason', (name, protocol, reason) => {
    expect(whyNotTried(remedy(name), here(protocol))).toBe(reason);
  });

  it('keeps a sysctl out that this kernel does not have', () => {
    const odd: Remedy = { ...remedy('be-liberal'), requires: [kernelWith('net.netfilter.no_such_thing')] };
    expect(whyNotTried(odd, here({}))).toBe(
      'needs a kernel with net.netfilter.no_such_thing; this one has none',
    );
  });

  it('keeps out what only root may do', () => {
    expect(whyNotTried(remedy('raise-buckets'), here({}, false))).toBe(
      'needs root: the setting is machine-wide',
    );
  });

  it('is met by a node that masquerades, whose rule is made anew in a chain before its own', () => {
    expect(
      whyNotTried(remedy('random-fully'), here({ fault: { ...SNAT, rules: [...SNAT.rules] } })),
    ).toBeUndefined();
    const changes = (name: string) =>
      remedy(name).changes({ ...PROTOCOL, fault: { ...SNAT, rules: [...SNAT.rules] } });
    expect(changes('random-fully')).toMatchObject([
      { priority: 99, rules: ['ip saddr 10.244.0.0/16 masquerade to :32768-33271 fully-random'] },
    ]);
    expect(changes('more-source-addresses')).toMatchObject([
      { priority: 99, rules: ['ip saddr 10.244.0.0/16 snat to $spare_addresses:32768-33271'] },
    ]);
  });

  it('is met by pods to spare, which all of them then ask', () => {
    expect(whyNotTried(remedy('more-source-addresses'), here(spare))).toBeUndefined();
    expect(remedy('more-source-addresses').changes({ ...PROTOCOL, ...spare })).toEqual([
      { kind: 'load', set: { scale: 6 } },
    ]);
  });
});

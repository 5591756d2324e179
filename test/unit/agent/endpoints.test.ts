import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConntrackEntry } from '../../../src/kernel/conntrack-dump.ts';
import { address } from '../../../src/lab/netns/addresses.ts';
import { ScheduledChanges } from '../../../src/agent/scheduled-changes.ts';
import { endpointRules, endpointsIn, nodeRules } from '../../../src/lab/netns/inside/rules.ts';
import { staleEntries } from '../../../src/change/kinds/conntrack-delete.ts';
import { answerQuery } from '../../../src/server/dns-server.ts';
import { topologySchema } from '../../../src/schema/topology.ts';

const NETWORK = address(
  topologySchema.parse({
    nodes: ['worker-1', 'worker-2'],
    pods: { old: { replicas: 2, nodes: ['worker-1'] }, new: { replicas: 1, nodes: ['worker-2'] } },
    services: {
      web: { pods: 'old', port: 80, app: 'http' },
      metrics: { pods: 'old', port: 8125, app: 'udp-echo' },
      peers: { pods: 'old', port: 80, app: 'http', headless: true },
    },
  }),
);
const [web, metrics, peers] = NETWORK.services;
if (web === undefined || metrics === undefined || peers === undefined) throw new Error('three services');
const NEW = NETWORK.pods.filter(({ set }) => set === 'new');

describe('the rules of other endpoints', () => {
  it('replace the chains of the old ones in one transaction, and leave conntrack alone', () => {
    const rules = endpointRules(web, NEW);
    expect(rules.split('\n').slice(0, 7)).toEqual([
      'flush chain ip kube-proxy svc-web-tcp',
      'add chain ip kube-proxy svc-web-tcp-0',
      'flush chain ip kube-proxy svc-web-tcp-0',
      'delete chain ip kube-proxy svc-web-tcp-0',
      'add chain ip kube-proxy svc-web-tcp-1',
      'flush chain ip kube-proxy svc-web-tcp-1',
      'delete chain ip kube-proxy svc-web-tcp-1',
    ]);
    expect(rules).toContain('dnat to 10.244.1.2:8080');
    expect(rules).not.toContain('dnat to 10.244.0.');
  });

  it('are read back by the addresses that a service’s chains lead to, and no other’s', () => {
    const rules = nodeRules(NETWORK, []);
    expect(endpointsIn(rules, web)).toEqual(['10.244.0.2', '10.244.0.3']);
    expect(endpointsIn(endpointRules(web, NEW), web)).toEqual(['10.244.1.2']);
    expect(endpointsIn(endpointRules(web, NEW), metrics)).toEqual([]);
  });
});

describe('a service without endpoints', () => {
  it('leads nowhere and is rejected by its address, until it has endpoints again', () => {
    const element = 'no-endpoint-services { 10.96.1.1 . tcp . 80 : goto reject-chain }';
    const empty = endpointRules(web, []);
    expect(empty).not.toContain('dnat to');
    expect(empty).toContain(`add element ip kube-proxy ${element}`);
    expect(empty).not.toContain('delete element');
    const again = endpointRules({ ...web, endpoints: [] }, NEW);
    expect(again).toContain('dnat to 10.244.1.2:8080');
    expect(again).toContain(`delete element ip kube-proxy ${element}`);
  });
});

describe('a service that the nodes do not know', () => {
  it('leads nowhere and is not rejected', () => {
    const rules = endpointRules(web, [], 'unknown');
    expect(rules).not.toContain('dnat to');
    expect(rules).toContain('delete element ip kube-proxy no-endpoint-services { 10.96.1.1 . tcp . 80');
  });
});

describe('a hostPort', () => {
  const topology = (nodes: string[]) =>
    topologySchema.parse({
      nodes: ['worker-1', 'worker-2'],
      pods: { sink: { replicas: 1, nodes } },
      services: { syslog: { pods: 'sink', port: 514, app: 'udp-sink', hostPort: true } },
    });

  it('is translated by the node whose address it is, and by no other', () => {
    const network = address(topology(['worker-2']));
    expect(network.services[0]?.ip).toBe('172.18.0.3');
    const rules = nodeRules(network, []);
    expect(rules).toMatch(/map host-ports \{[^}]*172\.18\.0\.3 \. udp \. 514 : goto svc-syslog-udp/);
    expect(rules).toContain('fib daddr type local ip daddr . meta l4proto . th dport vmap @host-ports');
    expect(rules).not.toMatch(/map service-ips \{[^}]*syslog/);
  });

  it('of pods on several nodes is refused', () => {
    expect(() => address(topology(['worker-1', 'worker-2']))).toThrow(
      'topology.services.syslog.hostPort: its pods are on several nodes; use one',
    );
  });
});

describe('a headless service', () => {
  it('has no address, and no rule', () => {
    expect(peers.ip).toBe('None');
    expect(nodeRules(NETWORK, [])).not.toContain('svc-peers');
  });

  it('is answered for with a record a pod, and the TTL of the moment', () => {
    const zones = { cluster: () => peers.endpoints.map(({ ip }) => ip), ttl: () => 7 };
    const query = {
      type: 'query',
      questions: [{ type: 'A', name: 'peers.default.svc.cluster.local' }],
    } as const;
    const { answers } = answerQuery({ ...query, questions: [...query.questions] }, zones);
    expect(answers).toMatchObject([
      { data: '10.244.0.2', ttl: 7 },
      { data: '10.244.0.3', ttl: 7 },
    ]);
  });
});

describe('stale entries', () => {
  const entry = (
    protocol: number,
    destination: string,
    port: number,
    replySource: string,
  ): ConntrackEntry => ({
    protocol,
    source: '10.244.0.9',
    sourcePort: 40_000,
    destination,
    destinationPort: port,
    replySource,
    state: undefined,
    timeout: 30,
  });
  const endpoints = NEW.map(({ ip }) => ip);
  const now = [
    { protocol: 6, ip: web.ip, port: 80, endpoints },
    { protocol: 17, ip: metrics.ip, port: 8125, endpoints },
  ];

  it('lead from a service’s address to what is no endpoint of it any more', () => {
    const stale = [entry(6, web.ip, 80, '10.244.0.2'), entry(17, metrics.ip, 8125, '10.244.0.3')];
    const others = [
      entry(6, web.ip, 80, '10.244.1.2'),
      entry(17, web.ip, 80, '10.244.0.2'),
      entry(6, '10.244.0.2', 8080, '10.244.0.2'),
      entry(6, web.ip, 81, '10.244.0.2'),
    ];
    expect(staleEntries([...stale, ...others], now)).toEqual(stale);
  });

  it('are none of those that lead to an endpoint', () => {
    const any = fc.record({ protocol: fc.constantFrom(6, 17), service: fc.constantFrom(web, metrics) });
    fc.assert(
      fc.property(fc.array(any), (all) => {
        const entries = all.map(({ protocol, service }) =>
          entry(protocol, service.ip, service.port, NEW[0]?.ip ?? ''),
        );
        expect(staleEntries(entries, now)).toEqual([]);
      }),
    );
  });
});

it('events that come close on each other are made one after the other, and undone in reverse', async () => {
  const log: string[] = [];
  const make = async ({ kind }: { kind: string }): Promise<{ undo: () => Promise<void> }> => {
    log.push(`${kind} begins`);
    await new Promise((resolve) => setTimeout(resolve, kind === 'endpoints' ? 50 : 0));
    log.push(`${kind} is made`);
    return { undo: () => Promise.resolve(void log.push(`${kind} is undone`)) };
  };
  const events = new ScheduledChanges(
    [{ at: 0, change: { kind: 'endpoints', service: 'web', pods: 'new', grace: 0 } }],
    make,
  );
  await events.schedule({ at: 0.01, change: { kind: 'conntrack-delete' } });
  {
    await using running = events.begin('symptom');
    running.start();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await running.made;
  }
  expect(log).toEqual([
    'endpoints begins',
    'endpoints is made',
    'conntrack-delete begins',
    'conntrack-delete is made',
    'conntrack-delete is undone',
    'endpoints is undone',
  ]);
});

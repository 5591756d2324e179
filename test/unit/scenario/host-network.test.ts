import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { unsound } from '../../../src/scenario/sound.ts';
import { protocolSchema, type Protocol } from '../../../src/schema/protocol.ts';
import { Cli } from '../cli/cli.ts';
import { PROTOCOL } from '../judge/history-builder.ts';

const FIXTURES = join(import.meta.dirname, '../../lab/fixtures');

/** On nodes’ networks: a client and a server. `app` and `quiet` have networks of their own. */
const BASE = {
  topology: {
    nodes: ['worker-1', 'worker-2'],
    pods: {
      client: { replicas: 1, nodes: ['worker-1'], hostNetwork: true },
      server: { replicas: 1, nodes: ['worker-2'], hostNetwork: true },
      app: { replicas: 2, nodes: ['worker-1'] },
    },
    services: {
      web: { pods: 'server', port: 80, app: 'http' },
      echo: { pods: 'server', port: 7, app: 'echo' },
    },
  },
  demand: { ...PROTOCOL.demand, pods: 'client' },
};

function problems(change: Readonly<Record<string, unknown>>): readonly string[] {
  const protocol: Protocol = protocolSchema.parse({ ...PROTOCOL, ...BASE, ...change });
  return unsound(protocol).map(({ place, why }) => `${place}: ${why}`);
}

const pods = (change: Readonly<Record<string, unknown>>) => ({
  topology: { ...BASE.topology, pods: { ...BASE.topology.pods, ...change } },
});
const flood = { kind: 'flood', pods: 'app', to: 'app', flows: 10, seconds: 1, flow: 'datagram' };

describe('pods on their node’s network', () => {
  it('may ask and be asked', () => {
    expect(problems({})).toEqual([]);
  });

  it('may serve one port over TCP and over UDP', () => {
    const { topology } = BASE;
    const services = { ...topology.services, datagrams: { pods: 'server', port: 9, app: 'udp-echo' } };
    expect(problems({ topology: { ...topology, services } })).toEqual([]);
  });

  test.each<[what: string, change: Readonly<Record<string, unknown>>, found: RegExp]>([
    [
      'send a flood',
      { background: { noise: { ...flood, pods: 'client' } } },
      /^background\.noise\.pods: a flood needs addresses .* client has only its node’s; use pods without hostNetwork$/,
    ],
    [
      'are sent a flood',
      { background: { noise: { ...flood, to: 'server' } } },
      /^background\.noise\.to: a flood /,
    ],
    [
      'are a crowd’s backend',
      {
        background: {
          crowd: {
            kind: 'reconnect',
            pods: 'app',
            service: 'web',
            clients: 10,
            goodbye: 'reset',
            patience: 1,
            reaction: 1,
            giveUp: 1,
          },
        },
      },
      /^background\.crowd\.service: a reconnect needs addresses/,
    ],
    [
      'are canaries',
      { canaries: { kind: 'keepalive', pods: 'client', service: 'echo', connections: 1, everyMs: 100 } },
      /^canaries\.pods: canaries are identified by their pods’ addresses, but client has its node’s/,
    ],
    [
      'have two ways to their node',
      pods({ client: { ...BASE.topology.pods.client, asymmetric: true } }),
      /^topology\.pods\.client\.asymmetric: /,
    ],
    [
      'serve twice on one network',
      pods({ server: { ...BASE.topology.pods.server, replicas: 2 } }),
      /^topology\.services\.web\.pods: the 2 replicas of server share a node’s network/,
    ],
    [
      'serve what others serve there',
      {
        topology: {
          ...BASE.topology,
          services: { ...BASE.topology.services, other: { pods: 'server', port: 81, app: 'http' } },
        },
      },
      /^topology\.services\.other\.pods: web listens on port 8080 of worker-2 already; use other pods, or another targetPort/,
    ],
    [
      'serve where another app listens by default',
      {
        topology: {
          ...BASE.topology,
          services: {
            ...BASE.topology.services,
            other: { pods: 'server', port: 81, app: 'http', targetPort: 7007 },
          },
        },
      },
      /^topology\.services\.other\.pods: echo listens on port 7007 of worker-2 already/,
    ],
    [
      'have a table of their own',
      pods({ client: { ...BASE.topology.pods.client, ownTable: true } }),
      /^topology\.pods\.client\.ownTable: a pod on its node’s network has no table of its own; leave out one/,
    ],
    [
      'have sysctls of their own',
      { fault: { kind: 'pod-sysctl', pods: 'client', name: 'net.ipv4.ip_local_port_range', value: '1 2' } },
      /^fault\.pods: client shares its node’s sysctls; set those/,
    ],
    [
      'are to leave with a service',
      { events: [{ at: 1, change: { kind: 'endpoints', service: 'web', pods: 'app', grace: 0 } }] },
      /^events\.0\.change\.service: the replaced pods must go, but server stays/,
    ],
  ])('can’t be: %s', (_, change, found) => {
    expect(problems(change)).toEqual(expect.arrayContaining([expect.stringMatching(found)]));
  });

  it('are refused by validate in one line, with its place', async () => {
    using tablefull = new Cli();
    const file = join(tablefull.folder, 'mine.yaml');
    const text = readFileSync(join(FIXTURES, 'resets-on-the-node.yaml'), 'utf8');
    writeFileSync(file, text.replace('hostNetwork: true', 'hostNetwork: true, asymmetric: true'));
    const { code, stderr } = await tablefull.run('validate', file);
    expect(code).toBe(64);
    expect(stderr).toMatch(
      /mine\.yaml:\d+:\d+: topology\.pods\.client\.asymmetric: a pod on its node’s network/,
    );
  });
});

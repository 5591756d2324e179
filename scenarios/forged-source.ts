import { defineScenario } from '../src/scenario/define.ts';

const RP_FILTER = 'net.ipv4.conf.all.rp_filter';
/** Connections that one pod may have open; the client never has more than a few. */
const QUOTA = 100;
/** Datagrams of the intruder, each from a port of its own, in the first half second. */
const FORGED = 500;

/** What rp-filter-loose breaks: nothing tells whether a packet comes from the pod whose address it has. */
export default defineScenario({
  name: 'forged-source',
  summary:
    'a pod sends with another pod’s address; a node that is loose about the reverse path takes its packets for the other’s',
  params: {},
  protocol: () => ({
    topology: {
      nodes: ['worker-1', 'worker-2'],
      pods: {
        client: { replicas: 1, nodes: ['worker-1'] },
        intruder: { replicas: 1, nodes: ['worker-1'] },
        server: { replicas: 1, nodes: ['worker-2'] },
      },
      services: {
        web: { pods: 'server', port: 80, app: 'http' },
        statsd: { pods: 'server', port: 8125, app: 'udp-sink' },
      },
    },
    node: 'worker-1',
    demand: {
      kind: 'simple-app',
      pods: 'client',
      service: 'web',
      stages: [{ pods: 1, seconds: 2 }],
      requests: 100,
      connectTimeout: '900ms',
    },
    background: {
      intruder: {
        kind: 'exchange',
        pods: 'intruder',
        service: 'statsd',
        protocol: 'udp-one-way',
        connect: 'each',
        clients: FORGED / 10,
        everyMs: 50,
        seconds: 0.5,
        patience: '200ms',
      },
    },
    prepare: [
      { kind: 'sysctl', node: 'worker-1', name: RP_FILTER, value: 1 },
      {
        kind: 'pod-nft',
        pods: 'intruder',
        hook: 'output',
        priority: 0,
        rules: ['udp dport 8125 ip saddr set $pods_client'],
      },
      // Whatever goes by a pod's address: this quota, a NetworkPolicy, an audit log. It is after the reverse path filter.
      {
        kind: 'nft',
        node: 'worker-1',
        hook: 'forward',
        priority: 0,
        rules: [
          `ct state new meter per-pod size 65535 { ip saddr ct count over ${String(QUOTA)} } counter drop`,
        ],
      },
    ],
    fault: { kind: 'sysctl', node: 'worker-1', name: RP_FILTER, value: 2 },
    symptom: {
      expected: 'reproduced',
      when: [
        'requests.failed.rate > 0.5',
        'packets.reversePath == 0',
        `baseline.packets.reversePath > ${String(FORGED / 2)}`,
        'drop.delta == 0',
      ],
      loss: 'requests.failed.rate',
    },
    show: [
      'requests.offered',
      'requests.answered',
      'requests.outcome[(28)]',
      'intruder.offered',
      'packets.reversePath',
      'entries.max',
      'drop.delta',
    ],
    note: 'the fault is the remedy `rp-filter-loose` of other scenarios; the pod’s quota stands for anything that goes by a source address',
    remedies: {
      'raise-max': 'no-effect',
      'shorter-timeouts': 'no-effect',
      notrack: 'cured',
      placebo: 'no-effect',
    },
    why: {
      notrack: 'what is not tracked is not counted',
      'raise-max': 'the table has room',
      'shorter-timeouts': 'unanswered UDP stays for 30 s',
      strict: 'the forged packets are dropped',
      'own-address': 'the forged packets are dropped',
    },
    ownRemedies: {
      strict: {
        summary: 'rp_filter=1: a pod’s packets must have an address that the node reaches by its interface',
        expected: 'cured',
        changes: [{ kind: 'sysctl', node: 'worker-1', name: RP_FILTER, value: 1 }],
      },
      'own-address': {
        summary: 'a rule drops what comes from the pod with an address that is not its own, as a CNI’s does',
        expected: 'cured',
        changes: [
          {
            kind: 'nft',
            node: 'worker-1',
            hook: 'prerouting',
            priority: -300,
            rules: ['fib saddr . iif oif missing counter drop'],
          },
        ],
      },
    },
  }),
});

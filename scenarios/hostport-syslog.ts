import { defineScenario } from '../src/scenario/define.ts';

/** s. When the receiver's pod is back, and its node translates the hostPort again. */
const BACK_AT = 0.9;

/** Kubernetes issues 102559 and 95258, containernetworking/plugins issue 123: syslog to a hostPort goes nowhere. */
export default defineScenario({
  name: 'hostport-syslog',
  summary:
    'datagrams to a hostPort that nobody has yet make entries without translation; their senders renew them for ever',
  params: {},
  protocol: () => ({
    topology: {
      nodes: ['worker-1'],
      pods: {
        // Many pods: a new port must hardly ever be one that has an untranslated entry.
        sender: { replicas: 20, nodes: ['worker-1'] },
        receiver: { replicas: 1, nodes: ['worker-1'] },
      },
      services: { syslog: { pods: 'receiver', port: 514, app: 'udp-sink', hostPort: true } },
    },
    node: 'worker-1',
    demand: {
      kind: 'exchange',
      pods: 'sender',
      service: 'syslog',
      protocol: 'udp-one-way',
      clients: 60,
      everyMs: 200,
      after: '300ms',
      seconds: 2.4,
      patience: '400ms',
    },
    fault: {
      kind: 'event',
      at: 0,
      until: BACK_AT,
      change: { kind: 'unprogrammed', service: 'syslog' },
    },
    symptom: {
      expected: 'reproduced',
      when: ['clients.stuck > 0.9', 'entries.stale == 60', 'drop.delta == 0', 'invalid.delta == 0'],
      loss: 'clients.stuck',
    },
    show: [
      'exchanges.offered',
      'exchanges.answered',
      'clients.stuck',
      'exchanges.lastFailure',
      'entries.stale',
      'timeout.UDP',
      'entries.max',
      'drop.delta',
    ],
    inspect: ['states', 'stale'],
    remedies: {
      'conntrack-delete': 'cured',
      'timeout-udp': 'no-effect',
      'drop-invalid': 'no-effect',
      placebo: 'no-effect',
    },
    why: {
      'conntrack-delete': 'the next datagram is translated',
      'timeout-udp': 'each datagram renews its entry',
      'drop-invalid': 'nothing is INVALID',
      'drop-while-empty': 'what is dropped leaves no entry',
      'new-port': 'a new port has no entry yet',
    },
    ownRemedies: {
      'drop-while-empty': {
        summary: 'the node drops datagrams to its own port 514, which a translated one has left',
        expected: 'cured',
        changes: [
          {
            kind: 'nft',
            node: 'worker-1',
            hook: 'input',
            priority: 0,
            rules: ['udp dport 514 counter drop'],
          },
        ],
      },
      'new-port': {
        summary: 'senders open a new socket for each datagram, as a restart does once',
        expected: 'cured',
        changes: [{ kind: 'load', set: { connect: 'each' } }],
      },
    },
  }),
});

import { defineScenario } from '../src/scenario/define.ts';

/** Connections that the stand-in for the cloud lets through; the demand holds 450. */
const ALLOWANCE = 150;

/** karpenter-provider-aws issue 8070: ENA's `conntrack_allowance_exceeded`. */
export default defineScenario({
  name: 'cloud-allowance',
  summary:
    'something beyond the node drops new connections above an allowance; every conntrack counter of the node stays 0',
  params: {},
  protocol: () => ({
    topology: {
      nodes: ['worker-1', 'worker-2'],
      pods: {
        client: { replicas: 5, nodes: ['worker-1'] },
        server: { replicas: 2, nodes: ['worker-2'] },
      },
      services: { web: { pods: 'server', port: 80, app: 'http' } },
    },
    node: 'worker-1',
    demand: {
      kind: 'simple-app',
      pods: 'client',
      service: 'web',
      stages: [{ pods: 5, seconds: 1.2 }],
      requests: 450,
      hold: true,
      connectTimeout: '800ms',
    },
    // Added anew in each phase: the rule's count begins at 0, and does not contain what an earlier phase held.
    fault: {
      kind: 'event',
      at: 0,
      change: {
        kind: 'nft',
        node: 'worker-2',
        hook: 'prerouting',
        priority: -100,
        // Of its own, without conntrack: a remedy on the nodes must not reach into the cloud. A full set matches nothing.
        rules: [
          `iifname "eth0" tcp flags syn / syn,ack meter allowance size ${String(ALLOWANCE)} { ip saddr . tcp sport counter } accept`,
          'iifname "eth0" tcp flags syn / syn,ack counter drop',
        ],
      },
    },
    symptom: {
      expected: 'reproduced',
      when: [
        'requests.failed.rate > 0.2',
        'requests.unconnected > 0',
        'drop.delta == 0',
        'early_drop.delta == 0',
        'insert_failed.delta == 0',
        'invalid.delta == 0',
        'worker-2.drop.delta == 0',
      ],
      loss: 'requests.failed.rate',
    },
    show: [
      'requests.offered',
      'requests.answered',
      'requests.outcome[(28)]',
      'drop.delta',
      'early_drop.delta',
      'insert_failed.delta',
      'invalid.delta',
      'worker-2.drop.delta',
      'entries.max',
      'free.min',
    ],
    note: `a rule on worker-2, beyond the node under test, plays the cloud: it drops new connections above ${String(ALLOWANCE)}`,
    remedies: {
      'raise-max': 'no-effect',
      'raise-buckets': 'no-effect',
      'be-liberal': 'no-effect',
      'shorter-timeouts': 'no-effect',
      keepalive: 'cured',
      // Entries are the node's; the allowance is not.
      notrack: 'no-effect',
      placebo: 'no-effect',
    },
  }),
});

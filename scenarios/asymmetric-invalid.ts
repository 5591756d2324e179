import { defineScenario } from '../src/scenario/define.ts';

/** Kubernetes issues 94861 and 74383: what drop-invalid breaks. */
export default defineScenario({
  name: 'asymmetric-invalid',
  summary:
    'a node that sees one direction of its connections calls most of their packets INVALID; a rule that drops those breaks them',
  params: {},
  protocol: () => ({
    topology: {
      nodes: ['worker-1', 'worker-2', 'router'],
      pods: {
        client: { replicas: 5, nodes: ['worker-1'] },
        server: { replicas: 1, nodes: ['worker-2'] },
      },
      services: { echo: { pods: 'server', port: 7, app: 'echo' } },
    },
    node: 'router',
    demand: {
      kind: 'exchange',
      pods: 'client',
      service: 'echo',
      protocol: 'tcp',
      clients: 20,
      everyMs: 100,
      seconds: 1,
      patience: '500ms',
    },
    // Requests go by the router, answers do not.
    prepare: [{ kind: 'route', node: 'worker-1', to: 'worker-2', via: 'router' }],
    fault: {
      kind: 'nft',
      node: 'router',
      hook: 'forward',
      priority: 0,
      rules: ['ct state invalid counter drop'],
    },
    symptom: {
      expected: 'reproduced',
      when: ['exchanges.failed.rate > 0.5', 'packets.invalid > 0', 'drop.delta == 0'],
      loss: 'exchanges.failed.rate',
    },
    show: [
      'exchanges.offered',
      'exchanges.answered',
      'exchanges.outcome[(28)]',
      'packets.invalid',
      'worker-1.packets.invalid',
      'worker-2.packets.invalid',
      'entries.max',
      'invalid.delta',
      'drop.delta',
    ],
    note: 'the fault is the remedy `drop-invalid` of other scenarios, on a node that sees one direction',
    remedies: {
      'be-liberal': 'no-effect',
      'raise-max': 'no-effect',
      'shorter-timeouts': 'no-effect',
      placebo: 'no-effect',
    },
    why: {
      'be-liberal': 'no SYN-ACK seen: it knows no window',
      'notrack-there': 'what is not tracked is not INVALID',
    },
    ownRemedies: {
      'notrack-there': {
        summary: 'the router does not track what it merely passes on, so that nothing is INVALID',
        expected: 'cured',
        changes: [
          {
            kind: 'nft',
            node: 'router',
            hook: 'prerouting',
            priority: -300,
            rules: ['tcp dport 7007 notrack'],
          },
        ],
      },
    },
  }),
});

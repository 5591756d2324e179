import { endpoints } from '../src/fault/endpoints.ts';
import { defineScenario } from '../src/scenario/define.ts';

/** s. When the service loses its endpoint, and how long the pod stays after that. */
const EMPTY_AT = 0.6;
const GRACE = 0.5;

/** Kubernetes issue 139628: statsd's service is scaled to 0, and its senders go on. */
export default defineScenario({
  name: 'udp-no-endpoints',
  summary:
    'a UDP service is scaled to 0; senders that never get an answer go on sending to the pod that is gone',
  params: {},
  protocol: () => ({
    topology: {
      nodes: ['worker-1', 'worker-2'],
      pods: {
        sender: { replicas: 5, nodes: ['worker-1'] },
        statsd: { replicas: 1, nodes: ['worker-2'] },
      },
      services: { statsd: { pods: 'statsd', port: 8125, app: 'udp-sink' } },
    },
    node: 'worker-1',
    demand: {
      kind: 'exchange',
      pods: 'sender',
      service: 'statsd',
      protocol: 'udp-one-way',
      clients: 30,
      everyMs: 100,
      seconds: 2.4,
      patience: '400ms',
    },
    fault: endpoints.on({ at: EMPTY_AT, service: 'statsd', grace: GRACE }),
    symptom: {
      expected: 'reproduced',
      when: ['astray.perOffered > 0.2', 'entries.stale == 30', 'drop.delta == 0', 'worker-2.drop.delta == 0'],
      // However late a busy machine made the changes: the senders whose flows still lead to nobody.
      loss: 'entries.stale.share',
    },
    show: [
      'exchanges.offered',
      'exchanges.answered',
      'astray.perOffered',
      'worker-2.packets.noRoute',
      'entries.stale',
      'timeout.UDP',
      'entries.max',
      'drop.delta',
      'conservation',
    ],
    inspect: ['states', 'stale'],
    remedies: {
      'conntrack-delete': 'cured',
      'timeout-udp': 'no-effect',
      'be-liberal': 'no-effect',
      'drop-invalid': 'no-effect',
      placebo: 'no-effect',
    },
  }),
});

import { strictReversePath } from '../src/fault/strict-reverse-path.ts';
import { defineScenario } from '../src/scenario/define.ts';

/** Claim 4f: a look-alike. Packets vanish as in a full table, but conntrack is not involved. */
export default defineScenario({
  name: 'rp-filter',
  summary: 'a strict reverse path filter drops packets from another interface; conntrack is not involved',
  params: {},
  protocol: () => ({
    topology: {
      nodes: ['worker-1', 'worker-2'],
      pods: {
        // Like a pod with a second network: it sends over one interface and receives over the other.
        'simple-app': { replicas: 10, nodes: ['worker-1'], asymmetric: true },
        canary: { replicas: 2, nodes: ['worker-1'] },
        server: { replicas: 1, nodes: ['worker-2'] },
      },
      services: {
        web: { pods: 'server', port: 80, app: 'http' },
        echo: { pods: 'server', port: 7, app: 'echo' },
      },
    },
    node: 'worker-1',
    demand: {
      kind: 'simple-app',
      pods: 'simple-app',
      service: 'web',
      stages: [{ pods: 10, seconds: 0.8 }],
      requests: 400,
      // One retransmission of a lost SYN, after 1 s, as in saturate: the client sees the same.
      connectTimeout: '1.1s',
    },
    // Pods with one interface on the same node: their traffic is symmetric.
    canaries: { kind: 'keepalive', pods: 'canary', service: 'echo', connections: 4, everyMs: 100 },
    fault: strictReversePath.on({ node: 'worker-1' }),
    symptom: {
      expected: 'reproduced',
      when: [
        'requests.failed.rate > 0.9',
        'packets.reversePath > 0',
        'packets.forwarded == 0',
        // The same packets passed conntrack, which refused none and kept none.
        'packets.passed > 0',
        'drop.delta == 0',
        'insert_failed.delta == 0',
        'entries.perOffered < 0.05',
        'canaries.failed == 0',
      ],
      loss: 'requests.failed.rate',
    },
    show: [
      'requests.offered',
      'requests.answered',
      'requests.outcome[(28)]',
      'packets.offered',
      'packets.passed',
      'packets.reversePath',
      'packets.forwarded',
      'entries.perOffered',
      'drop.delta',
      'insert_failed.delta',
      'invalid.delta',
      'canaries.answered',
      'canaries.failed',
      'conservation',
    ],
    remedies: {
      'rp-filter-loose': 'cured',
      'raise-max': 'no-effect',
      'be-liberal': 'no-effect',
      'shorter-timeouts': 'no-effect',
      // Idle connections would continue, if one could be opened.
      keepalive: 'no-effect',
      placebo: 'no-effect',
    },
  }),
});

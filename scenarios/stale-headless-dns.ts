import { endpoints } from '../src/fault/endpoints.ts';
import { defineScenario } from '../src/scenario/define.ts';

/**
 * Claim 4g: clients believe a DNS answer about a headless service's pods for its TTL, even if the pods are
 * gone.
 */
export default defineScenario({
  name: 'stale-headless-dns',
  summary:
    'the pods behind a headless service are replaced; clients with a DNS cache keep using the old ones',
  params: {},
  protocol: () => ({
    topology: {
      nodes: ['worker-1', 'worker-2', 'worker-3'],
      pods: {
        client: { replicas: 10, nodes: ['worker-1'] },
        old: { replicas: 2, nodes: ['worker-2'] },
        new: { replicas: 2, nodes: ['worker-3'] },
        coredns: { replicas: 1, nodes: ['worker-2', 'worker-3'] },
      },
      services: {
        'kube-dns': { pods: 'coredns', port: 53, app: 'dns' },
        web: { pods: 'old', port: 80, app: 'http', headless: true },
      },
      recordTtl: '1s',
    },
    node: 'worker-1',
    demand: {
      kind: 'simple-app',
      pods: 'client',
      service: 'web',
      via: 'name',
      stages: [{ pods: 10, seconds: 3 }],
      requests: 600,
      connectTimeout: '500ms',
    },
    // Answers are renewed at about 1 s and 2 s: those of the first renewal have most of their TTL left.
    fault: endpoints.on({ at: 1.2, service: 'web', pods: 'new' }),
    symptom: {
      expected: 'reproduced',
      when: ['requests.failed.rate > 0.05', 'requests.failed.rate < 0.5', 'drop.delta == 0'],
      loss: 'requests.failed.rate',
    },
    show: [
      'requests.offered',
      'requests.answered',
      'requests.outcome[(7)]',
      'requests.outcome[(28)]',
      'requests.firstFailure',
      'requests.lastFailure',
      'queries',
      'entries.max',
      'drop.delta',
      'conservation',
    ],
    compressed: 'the record’s TTL is 1 s instead of the 30 s of a kubeadm Corefile, a factor of 30',
    remedies: {
      'shorter-record-ttl': 'cured',
      'conntrack-delete': 'no-effect',
      'shorter-timeouts': 'no-effect',
      'be-liberal': 'no-effect',
      placebo: 'no-effect',
    },
  }),
});

import { fewBuckets } from '../src/fault/few-buckets.ts';
import { defineScenario } from '../src/scenario/define.ts';

/** Claim 2c: what a bucket holds, and what happens if it holds too much. */
export default defineScenario({
  name: 'hash-collisions',
  summary:
    'few buckets, long chains: connections fail far below nf_conntrack_max, in every namespace of the machine',
  params: {},
  protocol: (_, { privileged, squeeze }) => ({
    topology: {
      nodes: ['worker-1', 'worker-2', 'worker-3'],
      pods: {
        client: { replicas: 1, nodes: ['worker-1'] },
        sink: { replicas: 1, nodes: ['worker-1'] },
        bystander: { replicas: 4, nodes: ['worker-2'] },
        server: { replicas: 1, nodes: ['worker-3'] },
      },
      services: { web: { pods: 'server', port: 80, app: 'http' } },
    },
    node: 'worker-1',
    demand: { kind: 'flood', pods: 'client', to: 'sink', flow: 'datagram', flows: 25_000, seconds: 1 },
    // On another node, whose own table is almost empty.
    background: {
      bystander: {
        kind: 'simple-app',
        pods: 'bystander',
        service: 'web',
        stages: [{ pods: 4, seconds: 1.4 }],
        requests: 140,
        connectTimeout: '500ms',
      },
    },
    // 512 of 262,144 buckets are left, the kernel's minimum.
    fault: fewBuckets.on({ times: 1 / 512 }),
    symptom: {
      expected: 'reproduced',
      when: [
        'flows.failed.rate > 0.1',
        'chaintoolong.delta > 100',
        'drop.delta == 0',
        'free.min > 20000',
        'worker-2.chaintoolong.delta > 0',
        'bystander.failed.rate > 0.05',
      ],
      loss: 'flows.failed.rate',
    },
    show: [
      'flows.offered',
      'flows.answered',
      'flows.not delivered',
      'flows.p(50)',
      'flows.p(95)',
      'entries.max',
      'limit',
      'buckets',
      'bucket.size',
      'chain.mean',
      'chaintoolong.delta',
      'insert_failed.delta',
      'drop.delta',
      'bystander.offered',
      'bystander.failed.rate',
      'worker-2.entries.max',
      'worker-2.chaintoolong.delta',
      'conservation',
    ],
    ...(!privileged && {
      skip: 'nf_conntrack_buckets applies to the whole machine: run as root, on an otherwise idle machine',
    }),
    ...(squeeze === 'sysctl' && { skip: '--squeeze sysctl sets the buckets itself: leave it out' }),
    note: 'for about two seconds per phase, new connections fail in every network namespace of this machine',
    lifetime: '30s',
    // One burst makes the chains long; a continuing demand is another scenario.
    burst: true,
    remedies: {
      'raise-buckets': 'cured',
      'raise-max': 'no-effect',
      'shorter-timeouts': 'no-effect',
      placebo: 'no-effect',
    },
  }),
});

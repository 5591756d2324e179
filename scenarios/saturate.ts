import { squeeze } from '../src/fault/squeeze.ts';
import { defineScenario } from '../src/scenario/define.ts';

/** Claims 3a, 3b, 3e, 3g, 4a, 4b, 4k, 4l, 0c: a curl loop of 50 pods against a table with 1,200 free entries. */
export default defineScenario({
  name: 'saturate',
  summary: 'new connections fill a node’s conntrack table; further ones are dropped, existing ones continue',
  params: {
    fill: {
      values: ['churn', 'held'],
      summary: 'each request closes its connection, or keeps it to the end',
    },
    slots: {
      values: ['none', 'opening'],
      summary: 'the table stays full, or entries are deleted while SYNs wait to be resent',
    },
  },
  matrix: [{}, { fill: 'held' }, { slots: 'opening' }],
  protocol: ({ fill, slots }, { realKubeProxy = false }) => ({
    topology: {
      nodes: ['worker-1', 'worker-2', 'worker-3'],
      pods: {
        'simple-app': { replicas: 50, nodes: ['worker-1'] },
        canary: { replicas: 5, nodes: ['worker-1'] },
        server: { replicas: 1, nodes: ['worker-2', 'worker-3'] },
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
      stages: [
        { pods: 0, seconds: 0.1 },
        { pods: 10, seconds: 0.3 },
        { pods: 20, seconds: 0.3 },
        ...(slots === 'none'
          ? [{ pods: 50, seconds: 0.9 }]
          : // With a pause, in which the table is freed while no handshake is in progress.
            [
              { pods: 50, seconds: 0.6 },
              { pods: 0, seconds: 0.6 },
              { pods: 50, seconds: 0.3 },
            ]),
      ],
      requests: 2100,
      // One retransmission of a lost SYN, after 1 s, plus time for its answer.
      connectTimeout: slots === 'none' ? '1.1s' : '4s',
      hold: fill === 'held',
    },
    // By then SYNs lost before the pause were lost again; those after it are resent for the first time.
    events: slots === 'none' ? [] : [{ at: '2.45s', change: { kind: 'flush', node: 'worker-1' } }],
    canaries: { kind: 'keepalive', pods: 'canary', service: 'echo', connections: 5, everyMs: 100 },
    fault: squeeze.on({ node: 'worker-1', free: 1200 }),
    symptom: {
      expected: 'reproduced',
      when: [
        ...(slots === 'none'
          ? ['requests.failed.rate > 0.2', 'requests.retried.rate < 0.05']
          : ['requests.slow.rate > 0.2', 'requests.retried.rate > 0.05']),
        'drop.delta > 0',
        'free.min <= 0',
        'canaries.answered > 0',
        'canaries.failed == 0',
      ],
      // A full table answers at once or never; where slots open, lateness is the symptom.
      loss: slots === 'none' ? 'requests.failed.rate' : 'requests.slow.rate',
    },
    show: [
      'requests.offered',
      'requests.answered',
      'requests.outcome[(28)]',
      'requests.resent',
      'requests.p(95)',
      ...(slots === 'none'
        ? []
        : [
            'requests.max',
            'requests.slow.rate',
            'requests.waited.1s',
            'requests.waited.2s',
            'requests.waited.3s',
          ]),
      'entries.max',
      'entries.perAnswered',
      'limit',
      'drop.delta',
      'early_drop.delta',
      'insert_failed.delta',
      'canaries.answered',
      'canaries.failed',
      'conservation',
    ],
    lifetime: fill === 'held' ? '24h' : '120s',
    lifetimeSysctl: `net.netfilter.nf_conntrack_tcp_timeout_${fill === 'held' ? 'established' : 'time_wait'}`,
    remedies: {
      'raise-max': 'postponed',
      // Held for a day each, they would take 144 million entries.
      ...(fill === 'churn' && { 'raise-max-for-good': 'cured' as const }),
      'raise-buckets': 'no-effect',
      'be-liberal': 'no-effect',
      'shorter-timeouts': 'no-effect',
      keepalive: 'cured',
      headless: 'no-effect',
      notrack: 'cured',
      // These need a cluster. In a node that is a container the maximum is read-only.
      ...(realKubeProxy && {
        'proxy-mode': 'no-effect' as const,
        'proxy-mode-ipvs': 'no-effect' as const,
        'sysctl-daemonset': 'no-effect' as const,
      }),
      placebo: 'no-effect',
    },
  }),
});

import { squeeze } from '../src/fault/squeeze.ts';
import { defineScenario } from '../src/scenario/define.ts';

/** Claims 3a, 4l: `saturate` with a common load generator, k6, without connection reuse. */
export default defineScenario({
  name: 'saturate-k6',
  summary:
    'k6 without connection reuse fills a node’s table; with keep-alive the same requests need a fraction of it',
  params: {},
  protocol: () => ({
    topology: {
      nodes: ['worker-1', 'worker-2'],
      pods: {
        k6: { replicas: 1, nodes: ['worker-1'] },
        canary: { replicas: 5, nodes: ['worker-1'] },
        server: { replicas: 1, nodes: ['worker-2'] },
      },
      services: {
        web: { pods: 'server', port: 80, app: 'http' },
        echo: { pods: 'server', port: 7, app: 'echo' },
      },
    },
    node: 'worker-1',
    demand: {
      kind: 'k6',
      pods: 'k6',
      script: new URL('saturate.k6.ts', import.meta.url).href,
      services: { BASE_URL: 'web' },
      requests: 2500,
      seconds: 3,
      // k6 then gives up the request; its HTTP client keeps connecting, and TCP resends the SYN after 1 s.
      timeout: '900ms',
    },
    canaries: { kind: 'keepalive', pods: 'canary', service: 'echo', connections: 5, everyMs: 100 },
    fault: squeeze.on({ node: 'worker-1', free: 1200 }),
    symptom: {
      expected: 'reproduced',
      when: [
        'requests.failed.rate > 0.2',
        'drop.delta > 0',
        'free.min <= 0',
        'threshold.http_req_failed == 0',
        'canaries.answered > 0',
        'canaries.failed == 0',
      ],
      loss: 'requests.failed.rate',
    },
    show: [
      'requests.offered',
      'requests.answered',
      'requests.outcome[(28)]',
      'requests.p(95)',
      'checks.rate',
      'threshold.http_req_failed',
      'entries.max',
      'entries.perOffered',
      'limit',
      'drop.delta',
      'early_drop.delta',
      'insert_failed.delta',
      'canaries.failed',
      'conservation',
    ],
    lifetime: '120s',
    lifetimeSysctl: 'net.netfilter.nf_conntrack_tcp_timeout_time_wait',
    remedies: {
      keepalive: 'cured',
      'raise-max': 'postponed',
      'raise-max-for-good': 'cured',
      'be-liberal': 'no-effect',
      placebo: 'no-effect',
    },
  }),
});

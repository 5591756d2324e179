import { squeeze } from '../src/fault/squeeze.ts';
import { defineScenario } from '../src/scenario/define.ts';

/** Fewer than the 32 connections that keepalive-nginx keeps: nginx closes none of them, however slow the machine is. */
const CLIENTS = 30;

/**
 * Claims 4l, 4q: each hop has its own keepalive. The clients keep their connections to nginx; nginx keeps
 * none to the backend.
 */
export default defineScenario({
  name: 'proxy-churn',
  summary:
    'nginx opens one connection per request to its backend and fills its node’s table; its clients keep theirs',
  params: {},
  protocol: (_, { nginx }) => ({
    topology: {
      nodes: ['worker-1', 'worker-2'],
      pods: {
        'simple-app': { replicas: CLIENTS, nodes: ['worker-1'] },
        nginx: { replicas: 1, nodes: ['worker-1'] },
        canary: { replicas: 5, nodes: ['worker-1'] },
        server: { replicas: 1, nodes: ['worker-2'] },
      },
      services: {
        proxy: {
          pods: 'nginx',
          port: 80,
          app: 'nginx',
          proxy: { program: nginx ?? 'nginx', upstream: 'web' },
        },
        web: { pods: 'server', port: 80, app: 'http' },
        echo: { pods: 'server', port: 7, app: 'echo' },
      },
    },
    // The node of nginx and its clients: every packet that needs an entry there is counted.
    node: 'worker-1',
    demand: {
      kind: 'simple-app',
      pods: 'simple-app',
      service: 'proxy',
      stages: [{ pods: CLIENTS, seconds: 2.1 }],
      requests: 2100,
      connectTimeout: '1.3s',
      reuse: true,
    },
    canaries: { kind: 'keepalive', pods: 'canary', service: 'echo', connections: 5, everyMs: 100 },
    fault: squeeze.on({ node: 'worker-1', free: 1200 }),
    symptom: {
      expected: 'reproduced',
      when: [
        'requests.failed.rate > 0.2',
        'drop.delta > 0',
        'free.min <= 0',
        'canaries.answered > 0',
        'canaries.failed == 0',
      ],
      loss: 'requests.failed.rate',
    },
    show: [
      'requests.offered',
      'requests.answered',
      'requests.outcome[(22)]',
      'requests.outcome[(28)]',
      'requests.p(95)',
      'entries.max',
      'entries.perOffered',
      'limit',
      'drop.delta',
      'canaries.answered',
      'canaries.failed',
      'conservation',
    ],
    lifetime: '120s',
    lifetimeSysctl: 'net.netfilter.nf_conntrack_tcp_timeout_time_wait',
    ...(nginx === undefined && {
      skip: 'nginx is missing on this machine; install it: apt-get install nginx',
    }),
    remedies: {
      'keepalive-nginx': 'cured',
      // The clients already keep their connections; nginx does not.
      keepalive: 'no-effect',
      'raise-max': 'postponed',
      'raise-max-for-good': 'cured',
      'shorter-timeouts': 'no-effect',
      // Without an entry there is no NAT, and a service's address does not answer.
      notrack: 'worse',
      placebo: 'no-effect',
    },
  }),
});

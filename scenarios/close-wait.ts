import { squeeze } from '../src/fault/squeeze.ts';
import { defineScenario } from '../src/scenario/define.ts';

const CLOSE_WAIT = 'net.netfilter.nf_conntrack_tcp_timeout_close_wait';
/** kube-proxy's setting, and the kernel's default. */
const SECONDS = { 'kube-proxy': 3_600, kernel: 60 } as const;

/** Claims 4m, 4l: the server has closed the connections, and the client never does. */
export default defineScenario({
  name: 'close-wait',
  summary: 'clients that never close what the server has closed fill a node’s table, for an hour each',
  params: {
    timeout: {
      values: ['kube-proxy', 'kernel'],
      summary: 'lifetime of an entry in CLOSE_WAIT: kube-proxy’s 3,600 s, or the kernel’s 60 s',
    },
  },
  matrix: [{}, { timeout: 'kernel' }],
  protocol: ({ timeout }) => ({
    topology: {
      nodes: ['worker-1', 'worker-2'],
      pods: {
        leaky: { replicas: 20, nodes: ['worker-1'] },
        server: { replicas: 2, nodes: ['worker-2'] },
      },
      services: { web: { pods: 'server', port: 80, app: 'http' } },
    },
    node: 'worker-1',
    sysctls: { [CLOSE_WAIT]: SECONDS[timeout] },
    demand: {
      kind: 'simple-app',
      pods: 'leaky',
      service: 'web',
      stages: [{ pods: 20, seconds: 1.2 }],
      requests: 2100,
      connectTimeout: '1.1s',
      leak: true,
    },
    fault: squeeze.on({ node: 'worker-1', free: 1200 }),
    symptom: {
      expected: 'reproduced',
      when: [
        'requests.failed.rate > 0.2',
        'drop.delta > 0',
        'free.min <= 0',
        'state.CLOSE_WAIT > 500',
        `timeout.CLOSE_WAIT > ${String(SECONDS[timeout] / 3)}`,
      ],
      loss: 'requests.failed.rate',
    },
    inspect: ['states'],
    show: [
      'requests.offered',
      'requests.answered',
      'requests.outcome[(28)]',
      'entries.max',
      'limit',
      'full.after',
      'drop.delta',
      'early_drop.delta',
      'relief',
      'state.CLOSE_WAIT',
      'timeout.CLOSE_WAIT',
      'conservation',
    ],
    lifetime: SECONDS[timeout],
    lifetimeSysctl: CLOSE_WAIT,
    remedies: {
      keepalive: 'cured',
      'raise-max': 'postponed',
      // A second, in place of the kernel's 60, would free entries during the demand or not by the machine's speed.
      ...(timeout !== 'kernel' && { 'timeout-close-wait': 'no-effect' as const }),
      'timeout-time-wait': 'no-effect',
      notrack: 'cured',
      placebo: 'no-effect',
    },
  }),
});

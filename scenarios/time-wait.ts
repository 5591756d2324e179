import { squeeze } from '../src/fault/squeeze.ts';
import { defineScenario } from '../src/scenario/define.ts';

const PODS = { client: { replicas: 1, nodes: ['worker-1'] }, server: { replicas: 1, nodes: ['worker-1'] } };
const TIME_WAIT = 'net.netfilter.nf_conntrack_tcp_timeout_time_wait';
/** A sixth of the kernel's 120 s, so that a table of production size settles within half a minute. */
const COMPRESSED = { factor: 6, seconds: 20 } as const;

const SHOW = [
  'entries.max',
  'limit',
  'full.after',
  'drop.delta',
  'early_drop.delta',
  'relief',
  'state.TIME_WAIT',
  'timeout.TIME_WAIT',
  'conservation',
] as const;

/**
 * Claims 1b, 1n, 0g, 1d, 4l: closed connections stay for 120 s; entries = rate × lifetime. See decision 10.
 */
export default defineScenario({
  name: 'time-wait',
  summary: 'long-closed connections fill a node’s table: each entry stays for two minutes',
  params: {
    table: {
      values: ['squeezed', 'real'],
      summary: 'little room left; or the whole table, filled by closed connections alone, time ÷ 6',
    },
    relief: {
      values: ['no', 'wait'],
      summary: 'wait a minute for the kernel’s gc, which removes closing entries from 95 % full on',
    },
    list: {
      values: ['short', 'whole'],
      summary: 'remedies: those that matter here, or each timeout of the common list by itself',
    },
  },
  matrix: [{}, { table: 'real' }],
  protocol: ({ table, relief, list }) =>
    table === 'real' ? real() : squeezed(relief === 'wait', list === 'whole'),
});

/** 50 pods open, ask and close, against a table with 1,200 free entries. */
function squeezed(wait: boolean, whole: boolean) {
  return {
    topology: {
      nodes: ['worker-1', 'worker-2'],
      pods: {
        'simple-app': { replicas: 20, nodes: ['worker-1'] },
        server: { replicas: 2, nodes: ['worker-2'] },
      },
      services: { web: { pods: 'server', port: 80, app: 'http' as const } },
    },
    node: 'worker-1',
    demand: {
      kind: 'simple-app' as const,
      pods: 'simple-app',
      service: 'web',
      // To wait, one pod asks for another minute, twenty times a second.
      stages: [{ pods: 20, seconds: 1.2 }, ...(wait ? [{ pods: 1, seconds: 68 }] : [])],
      requests: wait ? 5_800 : 2_100,
      connectTimeout: '1.1s',
    },
    fault: squeeze.on({ node: 'worker-1', free: 1200 }),
    symptom: {
      expected: 'reproduced' as const,
      when: [
        'requests.failed.rate > 0.2',
        'drop.delta > 0',
        'free.min <= 0',
        'state.TIME_WAIT > 500',
        'timeout.TIME_WAIT > 40',
      ],
      loss: 'requests.failed.rate',
    },
    inspect: ['states' as const],
    relief: wait,
    show: ['requests.offered', 'requests.answered', 'requests.outcome[(28)]', ...SHOW, 'relief.after'],
    lifetime: '120s',
    lifetimeSysctl: TIME_WAIT,
    remedies: {
      keepalive: 'cured' as const,
      'raise-max': 'postponed' as const,
      'raise-max-for-good': 'cured' as const,
      'shorter-timeouts': 'no-effect' as const,
      'timeout-time-wait': 'no-effect' as const,
      notrack: 'cured' as const,
      placebo: 'no-effect' as const,
      ...(whole && {
        'timeout-syn-sent': 'no-effect' as const,
        'timeout-syn-recv': 'no-effect' as const,
        'timeout-established': 'no-effect' as const,
        'timeout-fin-wait': 'no-effect' as const,
        'timeout-close-wait': 'no-effect' as const,
        'timeout-last-ack': 'no-effect' as const,
        'timeout-close': 'no-effect' as const,
        'timeout-udp': 'no-effect' as const,
        'timeout-udp-stream': 'no-effect' as const,
      }),
    },
  };
}

/** Without ballast, rate × lifetime alone decides. The fault doubles the rate. */
function real() {
  const flows = { seconds: 24, perSecond: 8_000 };
  const demand = flows.seconds * flows.perSecond;
  return {
    topology: { nodes: ['worker-1'], pods: PODS, services: {} },
    node: 'worker-1',
    sysctls: { [TIME_WAIT]: COMPRESSED.seconds },
    compressed: `nf_conntrack_tcp_timeout_time_wait is ${String(COMPRESSED.seconds)} s instead of 120 s, a factor of ${String(COMPRESSED.factor)}; a remedy’s value is shortened by the same factor`,
    demand: {
      kind: 'flood' as const,
      pods: 'client',
      to: 'server',
      flow: 'closed-connection' as const,
      flows: demand,
      seconds: flows.seconds,
    },
    fault: { kind: 'load' as const, set: { flows: 2 * demand } },
    symptom: {
      expected: 'reproduced' as const,
      when: ['flows.failed.rate > 0.05', 'drop.delta > 0', 'free.min <= 0', 'state.TIME_WAIT > 100000'],
      loss: 'flows.failed.rate',
    },
    inspect: ['states' as const],
    relief: true,
    show: [
      'flows.offered',
      'flows.answered',
      'flows.no answer',
      ...SHOW,
      'entries.last',
      'warning.75',
      'warning.90',
      'warning.95',
      'entries.rate',
      'entries.deriv',
    ],
    lifetime: COMPRESSED.seconds,
    lifetimeSysctl: TIME_WAIT,
    remedies: {
      'shorter-timeouts': 'cured' as const,
      'timeout-time-wait': 'cured' as const,
      'timeout-fin-wait': 'no-effect' as const,
      placebo: 'no-effect' as const,
    },
  };
}

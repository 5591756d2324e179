import { defineScenario } from '../src/scenario/define.ts';
import { kernelAtLeast } from '../src/scenario/environment.ts';

const SYN_SENT = 'net.netfilter.nf_conntrack_tcp_timeout_syn_sent';
/** s. The value that has been proposed, 20 s, in this scenario's time: the address is given away after 2 s, not 30. */
const SHORT = 1;
/** s. When kube-proxy leads elsewhere, and when the dead pod's address is another service's. */
const LED_AT = 0.9;
const REUSED_AT = 2.2;

/** amazon-vpc-cni-k8s issue 3634: a retry from the same port reaches another service's pod. */
export default defineScenario({
  name: 'syn-sent-reuse',
  summary:
    'a dead pod’s address goes to a pod of another service; retries from the same port still go there, and are answered',
  params: {
    retries: {
      values: ['few', 'many'],
      summary: 'a client tries twice, or every 0.2 s: does each SYN renew the entry?',
    },
  },
  matrix: [{}, { retries: 'many' }],
  protocol: ({ retries }, environment) => ({
    topology: {
      nodes: ['worker-1', 'worker-2', 'worker-3'],
      pods: {
        client: { replicas: 5, nodes: ['worker-1'] },
        old: { replicas: 1, nodes: ['worker-2'] },
        stranger: { replicas: 1, nodes: ['worker-2'] },
        new: { replicas: 1, nodes: ['worker-3'] },
      },
      services: {
        orders: { pods: 'old', port: 80, app: 'whoami' },
        payments: { pods: 'stranger', port: 80, app: 'whoami' },
      },
    },
    node: 'worker-1',
    demand: {
      kind: 'exchange',
      pods: 'client',
      service: 'orders',
      protocol: 'tcp',
      connect: 'each',
      ownPort: true,
      clients: 50,
      after: '200ms',
      spread: '150ms',
      ...(retries === 'few' ? { everyMs: '2500ms', seconds: 5 } : { everyMs: '200ms', seconds: 2.8 }),
      patience: '170ms',
    },
    fault: {
      kind: 'event',
      at: 0,
      change: { kind: 'pod-nft', pods: 'old', hook: 'input', priority: 0, rules: ['drop'] },
    },
    aftermath: [
      { kind: 'event', at: LED_AT, change: { kind: 'endpoints', service: 'orders', pods: 'new', grace: 0 } },
      { kind: 'event', at: REUSED_AT, change: { kind: 'readdress', pods: 'stranger', of: 'old' } },
    ],
    symptom: {
      expected: 'reproduced',
      when: [
        'exchanges.misdelivered.rate > 0.03',
        'exchanges.outcome[misdelivered] >= 20',
        'drop.delta == 0',
      ],
      loss: 'exchanges.misdelivered.rate',
    },
    show: [
      'exchanges.offered',
      'exchanges.answered',
      'exchanges.outcome[misdelivered]',
      'exchanges.outcome[(28)]',
      'entries.stale',
      'entries.max',
      'invalid.delta',
      'drop.delta',
    ],
    inspect: ['stale'],
    compressed: 'the address is given away after 2.2 s, not 30 s; the proposed timeout is 1 s, not 20 s',
    remedies: {
      'conntrack-delete': 'cured',
      'be-liberal': 'no-effect',
      placebo: 'no-effect',
    },
    ownRemedies: {
      'short-syn-sent': {
        summary: `nf_conntrack_tcp_timeout_syn_sent=${String(SHORT)}: the entry of an unanswered SYN ends before the address is given away`,
        // Older kernels renew the entry with each SYN.
        expected: retries === 'few' || kernelAtLeast(environment, 5, 14) ? 'cured' : 'no-effect',
        changes: [{ kind: 'sysctl', node: 'all', name: SYN_SENT, value: SHORT }],
      },
      'any-port': {
        summary: 'the kernel chooses a port for each connection, so that a retry has a new entry',
        expected: 'cured',
        changes: [{ kind: 'load', set: { ownPort: false } }],
      },
    },
  }),
});

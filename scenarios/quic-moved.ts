import { defineScenario } from '../src/scenario/define.ts';

/** s. When kube-proxy restarts. */
const RESTART_AT = 0.8;

/** Kubernetes issue 122740: UDP flows move to another backend when kube-proxy restarts. */
export default defineScenario({
  name: 'quic-moved',
  summary:
    'kube-proxy restarts and deletes every UDP entry of a service; flows go on with another backend, which does not know them',
  params: {
    cleanup: {
      values: ['every', 'stale'],
      summary:
        'what a start deletes: every entry of a UDP service (up to 1.31), or stale ones (from 1.32 on)',
    },
  },
  matrix: [{}, { cleanup: 'stale' }],
  protocol: ({ cleanup }) => ({
    topology: {
      nodes: ['worker-1', 'worker-2'],
      pods: {
        client: { replicas: 5, nodes: ['worker-1'] },
        server: { replicas: 4, nodes: ['worker-2'] },
      },
      services: { quic: { pods: 'server', port: 443, app: 'whoami' } },
    },
    node: 'worker-1',
    demand: {
      kind: 'exchange',
      pods: 'client',
      service: 'quic',
      protocol: 'udp',
      clients: 60,
      everyMs: 200,
      seconds: 2.4,
      patience: '900ms',
    },
    fault: {
      kind: 'event',
      at: RESTART_AT,
      change: cleanup === 'every' ? { kind: 'flush', node: 'worker-1' } : { kind: 'conntrack-delete' },
    },
    symptom: {
      expected: cleanup === 'every' ? 'reproduced' : 'not-reproduced',
      when: ['exchanges.moved.rate > 0.2', 'drop.delta == 0', 'insert_failed.delta == 0'],
      loss: 'exchanges.moved.rate',
      // A backend is chosen by chance for each of 60 flows.
      spread: 1.6,
      finding: 'kube-proxy from 1.32 on deletes stale entries only, so a flow keeps its backend',
    },
    show: [
      'exchanges.offered',
      'exchanges.answered',
      'exchanges.outcome[moved]',
      'exchanges.outcome[(28)]',
      'entries.stale',
      'entries.max',
      'drop.delta',
      'conservation',
    ],
    inspect: ['stale'],
    note: 'the entries are deleted as a start of kube-proxy deletes them; kube-proxy itself does not run',
    remedies:
      cleanup === 'every'
        ? {
            'conntrack-delete': 'no-effect',
            'be-liberal': 'no-effect',
            placebo: 'no-effect',
          }
        : { placebo: 'no-effect' },
  }),
});

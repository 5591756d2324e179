import { defineScenario } from '../src/scenario/define.ts';

const LIBERAL = 'net.netfilter.nf_conntrack_tcp_be_liberal';
const CLOSE_WAIT = 'net.netfilter.nf_conntrack_tcp_timeout_close_wait';
/** s. For kube-proxy's 3,600 s. */
const TIMEOUT = 1;
/** s. When the server says something again. */
const ANSWER = 2.5;

/** What be-liberal breaks: a segment that is not the connection's ends its entry. */
export default defineScenario({
  name: 'liberal-fin',
  summary:
    'a stray FIN outside the window; a node with be_liberal takes it for the connection’s own, and forgets a connection that is quiet',
  params: {},
  protocol: () => ({
    topology: {
      nodes: ['worker-1', 'worker-2'],
      pods: {
        client: { replicas: 5, nodes: ['worker-1'] },
        server: { replicas: 1, nodes: ['worker-2'] },
      },
      services: { reports: { pods: 'server', port: 80, app: 'boom-server', delay: ANSWER } },
    },
    node: 'worker-1',
    sysctls: { [CLOSE_WAIT]: TIMEOUT },
    demand: {
      kind: 'boom-server',
      pods: 'client',
      service: 'reports',
      connections: 40,
      seconds: 0.4,
      segment: 'fin',
      patience: ANSWER + 1,
    },
    // kube-proxy's rule, which takes the stray FIN away as long as it is INVALID.
    prepare: [
      { kind: 'invalid-rule', node: 'all' },
      { kind: 'sysctl', node: 'all', name: LIBERAL, value: 0 },
      { kind: 'nft', node: 'all', hook: 'forward', priority: 0, rules: ['ct state invalid counter drop'] },
    ],
    fault: { kind: 'sysctl', node: 'all', name: LIBERAL, value: 1 },
    symptom: {
      expected: 'reproduced',
      when: [
        'connections.failed.rate > 0.9',
        'packets.rst > 15',
        'baseline.worker-2.invalid.delta > 15',
        'drop.delta == 0',
      ],
      loss: 'connections.failed.rate',
    },
    show: [
      'connections.offered',
      'connections.answered',
      'connections.outcome[(28)]',
      'packets.rst',
      'invalid.delta',
      'worker-2.invalid.delta',
      'entries.max',
      'drop.delta',
    ],
    compressed: `close_wait is ${String(TIMEOUT)} s for kube-proxy's 3,600 s, and the connection is quiet for ${String(ANSWER)} s instead of ${String(ANSWER)} hours`,
    note: 'the fault is the remedy `be-liberal` of other scenarios',
    remedies: {
      'drop-invalid': 'no-effect',
      'shorter-timeouts': 'no-effect',
      placebo: 'no-effect',
    },
    why: {
      'drop-invalid': 'the nodes call nothing INVALID now',
      'shorter-timeouts': 'the timeout is too short already',
      'not-liberal': 'the FIN is INVALID, and is dropped',
      'longer-timeout': 'the entry outlives the quiet',
    },
    ownRemedies: {
      'not-liberal': {
        summary: 'nf_conntrack_tcp_be_liberal=0: the FIN is INVALID, and the rule drops it',
        expected: 'cured',
        changes: [{ kind: 'sysctl', node: 'all', name: LIBERAL, value: 0 }],
      },
      'longer-timeout': {
        summary: 'a CLOSE_WAIT timeout longer than the connection is quiet',
        expected: 'cured',
        changes: [{ kind: 'sysctl', node: 'all', name: CLOSE_WAIT, value: 60 }],
      },
    },
  }),
});

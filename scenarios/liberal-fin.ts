import { defineScenario } from '../src/scenario/define.ts';
import { kernelAtLeast } from '../src/scenario/environment.ts';

/** s. Of an entry whose connection a stray segment seems to have ended. */
const TIMEOUT = 1;
/** s. When the server says something again. */
const ANSWER = 2.5;
const CONNTRACK = 'net.netfilter.nf_conntrack_';

/** What a node takes for the connection's own by a setting, and the timeout that its entry gets then. */
const STRAY = {
  fin: {
    remedy: 'be-liberal',
    off: 'not-liberal',
    setting: `${CONNTRACK}tcp_be_liberal`,
    timeout: `${CONNTRACK}tcp_timeout_close_wait`,
    compressed: `close_wait is ${String(TIMEOUT)} s for kube-proxy's 3,600 s, and the connection is quiet for ${String(ANSWER)} s instead of ${String(ANSWER)} hours`,
  },
  reset: {
    remedy: 'ignore-invalid-rst',
    off: 'not-ignored',
    setting: `${CONNTRACK}tcp_ignore_invalid_rst`,
    timeout: `${CONNTRACK}tcp_timeout_close`,
    compressed: `close is ${String(TIMEOUT)} s for the kernel's 10 s, and the connection is quiet for ${String(ANSWER)} s instead of ${String(10 * ANSWER)} s`,
  },
} as const;

/** What be-liberal and ignore-invalid-rst break: a segment that is not the connection's ends its entry. */
export default defineScenario({
  name: 'liberal-fin',
  summary:
    'a stray FIN or reset; a node told to take it for the connection’s own forgets a connection that is quiet',
  params: {
    segment: {
      values: ['fin', 'reset'],
      summary:
        'a FIN outside the window, which be_liberal lets in, or a reset of old data, which ignore_invalid_rst does',
    },
  },
  matrix: [{}, { segment: 'reset' }],
  protocol: ({ segment }, environment) => {
    const { remedy, off, setting, timeout, compressed } = STRAY[segment];
    const there = segment === 'fin' || kernelAtLeast(environment, 5, 14);
    const other = segment === 'fin' ? 'ignore-invalid-rst' : 'be-liberal';
    return {
      topology: {
        nodes: ['worker-1', 'worker-2'],
        pods: {
          client: { replicas: 5, nodes: ['worker-1'] },
          server: { replicas: 1, nodes: ['worker-2'] },
        },
        services: { reports: { pods: 'server', port: 80, app: 'boom-server', delay: ANSWER } },
      },
      node: 'worker-1',
      sysctls: { [timeout]: TIMEOUT },
      demand: {
        kind: 'boom-server',
        pods: 'client',
        service: 'reports',
        connections: 40,
        seconds: 0.4,
        segment,
        patience: ANSWER + 1,
      },
      // kube-proxy's rule, which takes the stray segment away as long as it is INVALID.
      prepare: [
        { kind: 'invalid-rule', node: 'all' },
        { kind: 'sysctl', node: 'all', name: STRAY.fin.setting, value: 0 },
        { kind: 'nft', node: 'all', hook: 'forward', priority: 0, rules: ['ct state invalid counter drop'] },
      ],
      fault: { kind: 'sysctl', node: 'all', name: setting, value: 1 },
      symptom: {
        expected: there ? 'reproduced' : 'skipped',
        when: [
          'connections.failed.rate > 0.9',
          'packets.rst > 15',
          'baseline.worker-2.invalid.delta > 15',
          'drop.delta == 0',
        ],
        loss: 'connections.failed.rate',
      },
      ...(!there && { skip: 'nf_conntrack_tcp_ignore_invalid_rst needs a kernel from 5.14 on' }),
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
      compressed,
      note: `the fault is the remedy \`${remedy}\` of other scenarios`,
      remedies: {
        'drop-invalid': 'no-effect',
        [other]: 'no-effect',
        'shorter-timeouts': 'no-effect',
        placebo: 'no-effect',
      },
      why: {
        'drop-invalid': 'the segment is not INVALID now',
        [other]: 'concerns other segments',
        'shorter-timeouts': 'the timeout is too short already',
        [off]: `the ${segment === 'fin' ? 'FIN' : 'reset'} is INVALID, and is dropped`,
        'longer-timeout': 'the entry outlives the quiet',
      },
      ownRemedies: {
        [off]: {
          summary: `${setting.replace('net.netfilter.', '')}=0: the segment is INVALID, and the rule drops it`,
          expected: 'cured',
          changes: [{ kind: 'sysctl', node: 'all', name: setting, value: 0 }],
        },
        'longer-timeout': {
          summary: `${timeout.replace('net.netfilter.', '')} longer than the connection is quiet`,
          expected: 'cured',
          changes: [{ kind: 'sysctl', node: 'all', name: timeout, value: 60 }],
        },
      },
    };
  },
});

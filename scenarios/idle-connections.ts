import { defineScenario } from '../src/scenario/define.ts';

const ESTABLISHED = 'net.netfilter.nf_conntrack_tcp_timeout_established';
const LOOSE = 'net.netfilter.nf_conntrack_tcp_loose';
/** kube-proxy's timeout, and the shortened one, s. */
const USUAL = 86_400;
const SHORT = 2;

/** Kubernetes issues 71358 and 84041; moby issue 31208. */
export default defineScenario({
  name: 'idle-connections',
  summary:
    'connections are quiet for longer than the established timeout; what they say next goes to another backend, which resets it',
  params: {},
  protocol: () => ({
    topology: {
      nodes: ['worker-1', 'worker-2'],
      pods: {
        client: { replicas: 5, nodes: ['worker-1'] },
        server: { replicas: 2, nodes: ['worker-2'] },
      },
      services: { echo: { pods: 'server', port: 7, app: 'echo' } },
    },
    node: 'worker-1',
    // Two questions of each client, with a pause in between.
    demand: {
      kind: 'exchange',
      pods: 'client',
      service: 'echo',
      protocol: 'tcp',
      clients: 200,
      everyMs: '3600ms',
      spread: '200ms',
      seconds: 7.2,
      patience: '700ms',
    },
    fault: { kind: 'sysctl', node: 'worker-1', name: ESTABLISHED, value: SHORT },
    symptom: {
      expected: 'reproduced',
      when: ['exchanges.failed.rate > 0.1', 'exchanges.outcome[(56)] > 0', 'drop.delta == 0'],
      loss: 'exchanges.failed.rate',
      // A second backend is chosen by chance: of 200 connections as many as toss heads.
      spread: 1.5,
    },
    show: [
      'exchanges.offered',
      'exchanges.answered',
      'exchanges.outcome[(56)]',
      'exchanges.outcome[(28)]',
      'packets.invalid',
      'entries.max',
      'drop.delta',
    ],
    compressed: `nf_conntrack_tcp_timeout_established shortened from ${String(USUAL)} s (kube-proxy's) to ${String(SHORT)} s, ${String(USUAL / SHORT)} times`,
    remedies: {
      'tcp-keepalive': 'cured',
      'be-liberal': 'no-effect',
      'raise-max': 'no-effect',
      // Both set a timeout for established connections that is longer than the fault's.
      'shorter-timeouts': 'cured',
      'timeout-established': 'cured',
      placebo: 'no-effect',
    },
    ownRemedies: {
      'longer-timeout': {
        summary: 'a timeout longer than any pause: kube-proxy’s conntrack.tcpEstablishedTimeout',
        expected: 'cured',
        changes: [{ kind: 'sysctl', node: 'worker-1', name: ESTABLISHED, value: USUAL }],
      },
      'not-loose': {
        summary: 'nf_conntrack_tcp_loose=0: a segment in mid-stream makes no entry',
        // A reset tells the client at once; without an entry nobody tells it anything.
        expected: 'worse',
        changes: [{ kind: 'sysctl', node: 'worker-1', name: LOOSE, value: 0 }],
      },
    },
  }),
});

import { defineScenario } from '../src/scenario/define.ts';

const CLOSE_WAIT = 'net.netfilter.nf_conntrack_tcp_timeout_close_wait';
/** How many times shorter everything is here: kube-proxy’s 3,600 s, the kernel’s 60 s, the answer’s 120 s. */
const SCALE = 30;
const KUBE_PROXY = 3_600 / SCALE;
const KERNEL = 60 / SCALE;
/** s. When the server answers. */
const ANSWER = 4;

/** Kubernetes issue 32551, linkerd issue 4276: what a short CLOSE_WAIT timeout breaks. */
export default defineScenario({
  name: 'half-closed',
  summary:
    'clients send a request and a FIN, and wait; the answer comes after the CLOSE_WAIT timeout, and is reset on arrival',
  params: {},
  protocol: () => ({
    topology: {
      nodes: ['worker-1', 'worker-2'],
      pods: {
        client: { replicas: 5, nodes: ['worker-1'] },
        server: { replicas: 1, nodes: ['worker-2'] },
      },
      services: { reports: { pods: 'server', port: 80, app: 'echo', delay: ANSWER } },
    },
    node: 'worker-1',
    sysctls: { [CLOSE_WAIT]: KUBE_PROXY },
    demand: {
      kind: 'exchange',
      pods: 'client',
      service: 'reports',
      protocol: 'tcp',
      connect: 'each',
      halfClose: true,
      clients: 100,
      everyMs: 400,
      seconds: 0.4,
      patience: ANSWER + 1,
    },
    fault: { kind: 'sysctl', node: 'worker-1', name: CLOSE_WAIT, value: KERNEL },
    symptom: {
      expected: 'reproduced',
      when: [
        'exchanges.failed.rate > 0.9',
        'exchanges.failed == exchanges.outcome[(28)]',
        'packets.rst > 50',
        'drop.delta == 0',
      ],
      loss: 'exchanges.failed.rate',
    },
    show: [
      'exchanges.offered',
      'exchanges.answered',
      'exchanges.outcome[(28)]',
      'packets.rst',
      'packets.invalid',
      'entries.max',
      'drop.delta',
    ],
    inspect: ['states'],
    compressed: `everything is ${String(SCALE)} times shorter: close_wait ${String(KUBE_PROXY)} s for kube-proxy's 3,600 s and ${String(KERNEL)} s for the kernel's 60 s, an answer after ${String(ANSWER)} s instead of ${String(ANSWER * SCALE)} s`,
    remedies: {
      'tcp-keepalive': 'cured',
      'shorter-timeouts': 'no-effect',
      'be-liberal': 'no-effect',
      'drop-invalid': 'no-effect',
      placebo: 'no-effect',
    },
    why: {
      'tcp-keepalive': 'probes renew the entry, half-closed too',
      'shorter-timeouts': 'its 15 s are shorter still',
      'drop-invalid': 'the late answer is new, not INVALID',
      'be-liberal': 'the late answer is new, not INVALID',
      'longer-timeout': 'the entry outlives the wait',
      'stay-open': 'no FIN: the entry stays ESTABLISHED',
      'not-loose': 'then it is INVALID, untranslated as well',
    },
    ownRemedies: {
      'longer-timeout': {
        summary: `kube-proxy’s conntrack.tcpCloseWaitTimeout, 3,600 s: here ${String(KUBE_PROXY)} s`,
        expected: 'cured',
        changes: [{ kind: 'sysctl', node: 'worker-1', name: CLOSE_WAIT, value: KUBE_PROXY }],
      },
      'stay-open': {
        summary: 'clients close nothing before they have the answer: the entry stays ESTABLISHED',
        expected: 'cured',
        changes: [{ kind: 'load', set: { halfClose: false } }],
      },
      'not-loose': {
        summary: 'nf_conntrack_tcp_loose=0: a segment in mid-stream makes no entry',
        expected: 'no-effect',
        changes: [
          { kind: 'sysctl', node: 'worker-1', name: 'net.netfilter.nf_conntrack_tcp_loose', value: 0 },
        ],
      },
    },
  }),
});

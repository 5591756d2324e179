import { defineScenario } from '../src/scenario/define.ts';

/**
 * s. When kube-proxy leads the service elsewhere, and when the pod falls silent. In this order no new connection
 * meets the silent pod, however slow the machine is: what fails had been connected before.
 */
const LED_AT = 0.6;
const SILENT_AT = 0.7;
/** s. Of the pods' kernel, which retransmits after 0.2, 0.4, 0.8, … s. */
const USER_TIMEOUT = 0.5;

/** Kubernetes issue 124290: connections to a pod whose node has died hang until tcp_retries2. */
export default defineScenario({
  name: 'dead-backend',
  summary:
    'a backend dies without a word; its clients hang for 15 minutes, though the service has led elsewhere long since',
  params: {},
  protocol: () => ({
    topology: {
      nodes: ['worker-1', 'worker-2', 'worker-3'],
      pods: {
        client: { replicas: 5, nodes: ['worker-1'] },
        newcomer: { replicas: 2, nodes: ['worker-1'] },
        old: { replicas: 1, nodes: ['worker-2'] },
        new: { replicas: 1, nodes: ['worker-3'] },
      },
      services: { echo: { pods: 'old', port: 7, app: 'echo' } },
    },
    node: 'worker-1',
    demand: {
      kind: 'exchange',
      pods: 'client',
      service: 'echo',
      protocol: 'tcp',
      // So few exchanges a client that one lost is more than a met demand may lose, however stretched; for so long
      // that a kernel which gives up after 1.9 s loses less than a third of them at full pace.
      clients: 100,
      everyMs: 300,
      seconds: 7.2,
      patience: '300ms',
    },
    background: {
      // A restarted client: it works, since the service has a backend.
      newcomers: {
        kind: 'exchange',
        pods: 'newcomer',
        service: 'echo',
        protocol: 'tcp',
        clients: 10,
        everyMs: 100,
        after: LED_AT + 0.5,
        seconds: 1.5,
        patience: '300ms',
      },
    },
    fault: {
      kind: 'event',
      at: SILENT_AT,
      change: { kind: 'pod-nft', pods: 'old', hook: 'input', priority: 0, rules: ['drop'] },
    },
    aftermath: [
      { kind: 'event', at: LED_AT, change: { kind: 'endpoints', service: 'echo', pods: 'new', grace: 0 } },
    ],
    symptom: {
      expected: 'reproduced',
      when: [
        'exchanges.failed.rate > 0.4',
        'exchanges.failed == exchanges.outcome[(28)]',
        'newcomers.failed == 0',
        'drop.delta == 0',
      ],
      loss: 'exchanges.failed.rate',
    },
    show: [
      'exchanges.offered',
      'exchanges.answered',
      'exchanges.outcome[(28)]',
      'exchanges.firstFailure',
      'exchanges.lastFailure',
      'newcomers.answered',
      'newcomers.failed',
      'entries.stale',
      'entries.max',
      'drop.delta',
    ],
    inspect: ['stale'],
    remedies: {
      // Probes wait while data is unacknowledged: then TCP retransmits, and tcp_retries2 decides.
      'tcp-keepalive': 'no-effect',
      // A deleted entry lets the next retransmission through to the new pod, which resets what it does not know.
      'conntrack-delete': 'reduced',
      'shorter-timeouts': 'no-effect',
      'raise-max': 'no-effect',
      placebo: 'no-effect',
    },
    why: { 'connect-each': 'new connections go to the living pod' },
    ownRemedies: {
      'connect-each': {
        summary: 'a connection for each question: what keepalive spares',
        expected: 'cured',
        changes: [{ kind: 'load', set: { connect: 'each' } }],
      },
      'user-timeout': {
        summary: `TCP_USER_TIMEOUT: a client’s kernel closes a connection whose data is unacknowledged for ${String(USER_TIMEOUT)} s`,
        expected: 'reduced',
        changes: [{ kind: 'load', set: { userTimeout: USER_TIMEOUT } }],
      },
      'fewer-retries': {
        summary: 'net.ipv4.tcp_retries2=1 in the clients’ pods, instead of 15',
        expected: 'reduced',
        changes: [{ kind: 'pod-sysctl', pods: 'client', name: 'net.ipv4.tcp_retries2', value: '1' }],
      },
    },
  }),
});

import { fewLocalPorts, fewSnatPorts } from '../src/fault/few-ports.ts';
import { defineScenario } from '../src/scenario/define.ts';
import { kernelAtLeast } from '../src/scenario/environment.ts';

/** Ports towards one address and port, of the pod (28,232 by default) or of the node (64,512). */
const PORTS = 504;
/** So many that a pool of three addresses, which the kernel picks by the pod's, shares them evenly. */
const MASQUERADED = 60;

/**
 * A look-alike of a full table: the client's ports or those of its node's SNAT run out, and the table has
 * room.
 */
export default defineScenario({
  name: 'port-exhaustion',
  summary: 'the ports towards one destination run out, in the pod or in its node’s SNAT; the table has room',
  params: {
    where: {
      values: ['pod', 'node'],
      summary: 'whose ports run out: the client pod’s, or those of its masquerading node',
    },
    fill: {
      values: ['held', 'churn'],
      summary: 'each request keeps its connection to the end, or closes it',
    },
  },
  matrix: [{}, { fill: 'churn' }, { where: 'node' }, { where: 'node', fill: 'churn' }],
  protocol: ({ where, fill }, environment) => {
    const inPod = where === 'pod';
    const held = fill === 'held';
    // From 6.5 on SNAT without a free port reuses one whose entry is in TIME_WAIT.
    const reused = !held && (inPod || kernelAtLeast(environment, 6, 5));
    return {
      topology: {
        nodes: ['worker-1', 'worker-2'],
        pods: {
          client: { replicas: inPod ? 4 : MASQUERADED, nodes: ['worker-1'] },
          canary: { replicas: 2, nodes: ['worker-1'] },
          server: { replicas: 1, nodes: ['worker-2'] },
        },
        services: {
          web: { pods: 'server', port: 80, app: 'http' },
          echo: { pods: 'server', port: 7, app: 'echo' },
        },
      },
      node: 'worker-1',
      demand: {
        kind: 'simple-app',
        pods: 'client',
        service: 'web',
        stages: [{ pods: inPod ? 1 : MASQUERADED, seconds: 1.2 }],
        requests: 900,
        // One retransmission of a lost SYN, after 1 s, plus time for a busy machine to answer.
        connectTimeout: '1.9s',
        hold: held,
        localPorts: 'scarce',
      },
      canaries: { kind: 'keepalive', pods: 'canary', service: 'echo', connections: 4, everyMs: 100 },
      fault: inPod
        ? fewLocalPorts.on({ pods: 'client', count: PORTS })
        : fewSnatPorts.on({ node: 'worker-1', count: PORTS }),
      symptom: {
        expected: reused ? 'not-reproduced' : 'reproduced',
        when: [
          'requests.failed.rate > 0.2',
          // Unlike a full table.
          'free.min > 100000',
          ...(inPod
            ? ['requests.outcome[(7)] > 0', 'drop.delta == 0']
            : ['insert_failed.delta > 0', 'found.delta > 0']),
          'canaries.answered > 0',
          'canaries.failed == 0',
        ],
        loss: 'requests.failed.rate',
        finding: inPod
          ? 'who closes first keeps its port in TIME_WAIT, and here that is the server: the pod’s is free at once'
          : 'since 6.5 SNAT without a free port reuses one whose entry is in TIME_WAIT',
      },
      show: [
        'requests.offered',
        'requests.answered',
        'requests.outcome[(7)]',
        'requests.outcome[(28)]',
        'requests.p(95)',
        'entries.max',
        'limit',
        'packets.offered',
        'packets.passed',
        'found.delta',
        'drop.delta',
        'insert_failed.delta',
        'clash_resolve.delta',
        'canaries.answered',
        'canaries.failed',
        'conservation',
      ],
      compressed: inPod
        ? `the pods’ ip_local_port_range has ${String(PORTS)} ports instead of 28,232 (÷ 56)`
        : `the node masquerades to ${String(PORTS)} ports instead of 64,512 (÷ 128)`,
      remedies: {
        'more-source-addresses': 'cured',
        'random-fully': 'no-effect',
        keepalive: 'cured',
        'raise-max': 'no-effect',
        'shorter-timeouts': 'no-effect',
        placebo: 'no-effect',
      },
    };
  },
});

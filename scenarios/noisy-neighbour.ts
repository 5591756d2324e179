import { squeeze } from '../src/fault/squeeze.ts';
import { defineScenario } from '../src/scenario/define.ts';

const NODES = ['worker-1', 'worker-2', 'worker-3', 'worker-4', 'worker-5', 'worker-6'];

/** Claims 0a, 0i, 4u: six nodes with the same demand. One pod on one node fills its node's table. */
export default defineScenario({
  name: 'noisy-neighbour',
  summary: 'one pod affects one node of six; entries name the pod, sockets name another',
  params: {
    noisy: { values: ['worker-2', 'worker-3'], summary: 'the node of the noisy pod' },
  },
  protocol: ({ noisy }, { squeeze: squeezed }) => {
    const twin = noisy === 'worker-2' ? 'worker-3' : 'worker-2';
    return {
      topology: {
        nodes: NODES,
        pods: {
          app: { replicas: 4, nodes: NODES },
          noisy: { replicas: 1, nodes: [noisy] },
          idle: { replicas: 1, nodes: [noisy] },
          server: { replicas: 1, nodes: ['worker-5', 'worker-6'] },
        },
        services: {
          web: { pods: 'server', port: 80, app: 'http' },
          echo: { pods: 'server', port: 7, app: 'echo' },
        },
      },
      node: noisy,
      demand: {
        kind: 'simple-app',
        pods: 'app',
        service: 'web',
        stages: [{ pods: 24, seconds: 1.8 }],
        requests: 720,
        connectTimeout: '1.5s',
      },
      // Done within a second, with its connections closed: only entries remain.
      background: {
        noisy: {
          kind: 'simple-app',
          pods: 'noisy',
          service: 'web',
          stages: [{ pods: 1, seconds: 0.8 }],
          requests: 900,
          connectTimeout: '900ms',
        },
      },
      client: 'noisy',
      canaries: { kind: 'keepalive', pods: 'idle', service: 'echo', connections: 100, everyMs: 900 },
      fault: squeeze.on({
        node: noisy,
        free: 800,
        // The nodes share one hash. Ballast on all six would make chains too long, so there is one twin.
        alike:
          squeezed === 'ballast' || squeezed === 'none' ? [twin] : NODES.filter((node) => node !== noisy),
      }),
      symptom: {
        expected: 'reproduced',
        when: [
          'requests.failed.rate > 0.05',
          'drop.delta > 0',
          'free.min <= 0',
          ...NODES.filter((node) => node !== noisy).map((node) => `${node}.drop.delta == 0`),
          // More than any other pod of the node could take. A node's own connections take some as well.
          'pod.noisy-0.entries > 300',
          'pod.noisy-0.sockets < 10',
          'pod.idle-0.sockets == 100',
          'canaries.failed == 0',
        ],
        loss: 'requests.failed.rate',
      },
      show: [
        'requests.offered',
        'requests.answered',
        ...NODES.map((node) => `${node}.requests.failed`),
        'drop.delta',
        `${twin}.drop.delta`,
        'free.min',
        `${twin}.free.min`,
        'noisy.answered',
        'pod.noisy-0.entries',
        'pod.noisy-0.sockets',
        'pod.idle-0.entries',
        'pod.idle-0.sockets',
        'dump.ms',
        'procfs.$4.6',
        'procfs.$4.ESTABLISHED',
        'procfs.$6.ESTABLISHED',
        'conservation',
      ],
      inspect: ['culprit', 'procfs'],
      note:
        squeezed === 'ballast' || squeezed === 'none'
          ? `${noisy} and its twin ${twin} have 800 free entries each, the other nodes their whole tables`
          : 'all six nodes have the same limit',
      lifetime: '120s',
      // The noisy pod is done within a second.
      burst: true,
      remedies: {
        'raise-max': 'cured',
        'raise-buckets': 'no-effect',
        'be-liberal': 'no-effect',
        'shorter-timeouts': 'no-effect',
        keepalive: 'cured',
        notrack: 'cured',
        placebo: 'no-effect',
      },
    };
  },
});

import { squeeze } from '../src/fault/squeeze.ts';
import { defineScenario } from '../src/scenario/define.ts';

/** Claims 3c, 3e: a node's own connections to the control plane, while pods fill its 600 free entries. */
export default defineScenario({
  name: 'deplete',
  summary: 'pods fill a node’s table, and the node’s own heartbeats to the control plane fail too',
  params: {},
  protocol: (_, { squeeze: squeezed, realKubeProxy = false }) => ({
    topology: {
      nodes: ['control-plane', 'worker-1', 'worker-2'],
      pods: {
        apiserver: { replicas: 1, nodes: ['control-plane'], hostNetwork: true },
        kubelet: { replicas: 1, nodes: ['worker-1'], hostNetwork: true },
        neighbour: { replicas: 1, nodes: ['worker-2'], hostNetwork: true },
        app: { replicas: 20, nodes: ['worker-1'] },
        canary: { replicas: 2, nodes: ['worker-1'] },
        server: { replicas: 1, nodes: ['worker-2'] },
      },
      services: {
        kubernetes: { pods: 'apiserver', port: 443, app: 'apiserver' },
        web: { pods: 'server', port: 80, app: 'http' },
        echo: { pods: 'server', port: 7, app: 'echo' },
      },
    },
    node: 'worker-1',
    demand: {
      kind: 'node-agent',
      pods: 'kubelet',
      service: 'kubernetes',
      heartbeats: 120,
      seconds: 3,
      // Below the 1 s that TCP waits before it resends a SYN, also on a slow machine: a lost SYN is a failure.
      timeout: '500ms',
    },
    background: {
      churn: {
        kind: 'simple-app',
        pods: 'app',
        service: 'web',
        // At once: the heartbeats before have entries that gc may take.
        stages: [{ pods: 20, seconds: 0.35 }],
        requests: 900,
        connectTimeout: '500ms',
        // gc takes entries of closed connections from a full table, and heartbeats would be answered in their place.
        hold: true,
      },
      // Waits longer: its SYNs are resent after 1 s, and so on.
      kubectl: {
        kind: 'node-agent',
        pods: 'kubelet',
        service: 'kubernetes',
        heartbeats: 12,
        seconds: 1.8,
        timeout: '10s',
      },
      neighbour: {
        kind: 'node-agent',
        pods: 'neighbour',
        service: 'kubernetes',
        heartbeats: 30,
        seconds: 3,
        timeout: '500ms',
      },
    },
    // The pods have stopped by then. Their entries are deleted, as `conntrack -D` does.
    events: [{ at: '2.6s', change: { kind: 'flush', node: squeezed === 'sysctl' ? 'all' : 'worker-1' } }],
    canaries: { kind: 'keepalive', pods: 'canary', service: 'echo', connections: 4, everyMs: 100 },
    fault: squeeze.on({ node: 'worker-1', free: 600 }),
    // Until the flush gc finds some nine entries of closed connections, a tenth of what fails; after it there is room.
    relief: true,
    symptom: {
      expected: 'reproduced',
      when: [
        'heartbeats.failed.rate > 0.2',
        // A kubelet's lease expires after four missed renewals.
        'heartbeats.failed.inARow >= 4',
        'drop.delta > 0',
        'free.min <= 0',
        'heartbeats.recovery < 0.5',
        'canaries.failed == 0',
        // A limit of the whole machine also fills the table of the pods' servers, which is the neighbour's.
        ...(squeezed === 'sysctl' ? [] : ['neighbour.failed == 0']),
      ],
      loss: 'heartbeats.failed.rate',
    },
    show: [
      'heartbeats.offered',
      'heartbeats.answered',
      'heartbeats.failed.inARow',
      'heartbeats.firstFailure',
      'heartbeats.recovery',
      'kubectl.answered',
      'kubectl.stragglers',
      'kubectl.max',
      'neighbour.failed',
      'churn.answered',
      'entries.max',
      'drop.delta',
      'flushed',
      'canaries.answered',
      'canaries.failed',
      'conservation',
    ],
    ...(squeezed === 'sysctl' &&
      realKubeProxy && {
        skip: 'the maximum applies to the whole machine, and a real control plane’s own table holds more than 600 entries: use --squeeze ballast',
      }),
    lifetime: '120s',
    // The pods stop within the phase.
    burst: true,
    remedies: {
      'raise-max': 'cured',
      'raise-buckets': 'no-effect',
      'be-liberal': 'no-effect',
      'drop-invalid': 'no-effect',
      'shorter-timeouts': 'no-effect',
      keepalive: 'cured',
      placebo: 'no-effect',
    },
  }),
});

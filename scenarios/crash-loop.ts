import { forgedSegment } from '../src/fault/forged-segment.ts';
import { defineScenario } from '../src/scenario/define.ts';

/**
 * Claims 3b, 3d, 3e: the boom-server is a pod's own program, and a reset ends it. The canary is the pod's
 * status.
 */
export default defineScenario({
  name: 'crash-loop',
  summary: 'each reset connection ends a boom-server; Kubernetes restarts it, and soon delays the restarts',
  params: {},
  protocol: (_, { realKubeProxy = false }) => ({
    topology: {
      nodes: ['worker-1', 'worker-2'],
      pods: {
        client: { replicas: 4, nodes: ['worker-1'] },
        'boom-server': { replicas: 1, nodes: ['worker-2'] },
      },
      services: { 'boom-server': { pods: 'boom-server', port: 80, app: 'boom-pod' } },
    },
    node: 'worker-1',
    demand: {
      kind: 'boom-server',
      pods: 'client',
      service: 'boom-server',
      connections: 40,
      // Long enough for a second crash: the kubelet restarts a container at once, then after 10 s.
      seconds: 4,
      patience: '1s',
    },
    // Removes kube-proxy's own cure; see boom.
    prepare: [
      { kind: 'invalid-rule', node: 'all' },
      { kind: 'sysctl', node: 'all', name: 'net.netfilter.nf_conntrack_tcp_be_liberal', value: 0 },
    ],
    fault: forgedSegment.on('above'),
    symptom: {
      expected: realKubeProxy ? 'reproduced' : 'skipped',
      when: [
        'packets.invalid > 0',
        'packets.rst > 0',
        'connections.failed.rate > 0.5',
        'pods.restarts > 0',
        'pods.CrashLoopBackOff == 1',
      ],
      loss: 'connections.failed.rate',
    },
    show: [
      'connections.offered',
      'connections.answered',
      'connections.outcome[(7)]',
      'connections.outcome[(28)]',
      'connections.outcome[(56)]',
      'pods.restarts',
      'pods.CrashLoopBackOff',
      'packets.invalid',
      'packets.untranslated',
      'packets.rst',
      'drop.delta',
    ],
    ...(!realKubeProxy && { skip: 'a crashing pod needs a kubelet that restarts it: use --lab kind' }),
    remedies: {
      'be-liberal': 'cured',
      'drop-invalid': 'cured',
      'raise-max': 'no-effect',
      placebo: 'no-effect',
    },
  }),
});

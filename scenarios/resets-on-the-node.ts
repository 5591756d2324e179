import { forgedSegment } from '../src/fault/forged-segment.ts';
import { defineScenario } from '../src/scenario/define.ts';

/** Kubernetes issue 117924. The segment is that of `boom`, above the window. */
export default defineScenario({
  name: 'resets-on-the-node',
  summary: 'a client on its node’s network is reset; kube-proxy’s rule on that node never sees the segment',
  params: {
    server: {
      values: ['in-a-pod', 'on-its-node'],
      summary: 'the server’s network: a pod’s, so that its node forwards the segment, or its node’s own',
    },
  },
  matrix: [{}, { server: 'on-its-node' }],
  protocol: ({ server }) => {
    const forwarded = server === 'in-a-pod';
    return {
      topology: {
        nodes: ['worker-1', 'worker-2'],
        pods: {
          client: { replicas: 1, nodes: ['worker-1'], hostNetwork: true },
          server: { replicas: 1, nodes: ['worker-2'], ...(!forwarded && { hostNetwork: true }) },
        },
        services: { boom: { pods: 'server', port: 80, app: 'boom-server' } },
      },
      node: 'worker-1',
      demand: {
        kind: 'boom-server',
        pods: 'client',
        service: 'boom',
        connections: 40,
        seconds: 0.4,
        patience: '1s',
      },
      // As in `boom`: kube-proxy's own cures, where it has some, out of the way.
      prepare: [
        { kind: 'invalid-rule', node: 'all' },
        { kind: 'sysctl', node: 'all', name: 'net.netfilter.nf_conntrack_tcp_be_liberal', value: 0 },
      ],
      fault: forgedSegment.on('above'),
      symptom: {
        expected: 'reproduced',
        when: ['packets.invalid > 0', 'connections.failed.rate > 0.4', 'server.resets > 0'],
        loss: 'connections.failed.rate',
      },
      show: [
        'connections.offered',
        'connections.answered',
        'connections.outcome[(28)]',
        'server.resets',
        'packets.invalid',
        'worker-2.packets.invalid',
        'drop.delta',
      ],
      remedies: {
        'be-liberal': 'cured',
        // The server's node forwards the same segment, calls it INVALID as well, and has the rule too.
        'drop-invalid': forwarded ? 'cured' : 'no-effect',
        'raise-max': 'no-effect',
        placebo: 'no-effect',
      },
      ownRemedies: {
        'drop-in-forward': {
          summary: 'kube-proxy’s rule, on the client’s node alone',
          expected: 'no-effect',
          changes: [
            {
              kind: 'nft',
              node: 'worker-1',
              hook: 'forward',
              priority: 0,
              rules: ['ct state invalid counter drop'],
            },
          ],
        },
        'drop-before-input': {
          summary: 'the client’s node drops what is INVALID before its own TCP sees it',
          expected: 'cured',
          changes: [
            {
              kind: 'nft',
              node: 'worker-1',
              hook: 'prerouting',
              priority: -100,
              rules: ['ct state invalid counter drop'],
            },
          ],
        },
      },
    };
  },
});

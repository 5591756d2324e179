import { forgedSegment } from '../src/fault/forged-segment.ts';
import { defineScenario } from '../src/scenario/define.ts';
import { kernelAtLeast } from '../src/scenario/environment.ts';

/** Claims 3d, 3e, 3f: the forged segment of kubernetes issue 74839, below, above and inside the window. */
export default defineScenario({
  name: 'boom',
  summary:
    'a segment outside the window is INVALID, escapes the service’s NAT, and gets the connection reset',
  params: {
    segment: {
      values: ['above', 'below', 'inside', 'reset'],
      summary:
        'where the forged segment lies relative to the window; reset: an RST below the acknowledged byte',
    },
    'kube-proxy': {
      values: ['aside', 'as-it-is'],
      summary:
        'its own cures, a rule against INVALID packets or be_liberal, taken out of the way, or left in it',
    },
  },
  matrix: [{}, { segment: 'below' }, { segment: 'inside' }],
  protocol: ({ segment, 'kube-proxy': kubeProxy }, environment) => {
    // Kernels from 6.1 on ignore a segment far below the window as overly delayed.
    const stray = segment === 'reset';
    const cured = kubeProxy === 'as-it-is' && environment.realKubeProxy === true;
    const resets = segment === 'above' || (segment === 'below' && !kernelAtLeast(environment, 6, 1));
    return {
      topology: {
        nodes: ['worker-1', 'worker-2'],
        pods: {
          client: { replicas: 4, nodes: ['worker-1'] },
          'boom-server': { replicas: 1, nodes: ['worker-2'] },
        },
        services: { 'boom-server': { pods: 'boom-server', port: 80, app: 'boom-server' } },
      },
      node: 'worker-1',
      demand: {
        kind: 'boom-server',
        pods: 'client',
        service: 'boom-server',
        connections: 40,
        seconds: 0.4,
        patience: '1s',
      },
      prepare:
        kubeProxy === 'aside'
          ? [
              { kind: 'invalid-rule', node: 'all' },
              { kind: 'sysctl', node: 'all', name: 'net.netfilter.nf_conntrack_tcp_be_liberal', value: 0 },
            ]
          : [],
      fault: forgedSegment.on(segment),
      symptom: {
        expected: (resets || stray) && !cured ? 'reproduced' : 'not-reproduced',
        when: [
          'packets.invalid > 0',
          'packets.untranslated > 0',
          // No side answers a reset: it escapes its NAT, and its connection continues.
          ...(stray
            ? ['connections.failed.rate == 0', 'server.resets == 0']
            : ['connections.failed.rate > 0.5', 'server.resets > 0', 'packets.rst > 0']),
        ],
        loss: stray ? 'untranslated.perOffered' : 'connections.failed.rate',
        finding: cured
          ? 'kube-proxy brings its own cure: a rule that drops INVALID packets (iptables), or be_liberal (as kind sets it for nftables)'
          : segment === 'inside'
            ? 'a segment inside the window is valid: conntrack translates it and TCP keeps it for later'
            : 'kernel 6.1 and later ignore an overly delayed segment: invalid stays 0 and the old reproduction no longer works',
      },
      show: [
        'connections.offered',
        'connections.answered',
        'connections.outcome[(28)]',
        'server.resets',
        'packets.invalid',
        'worker-2.packets.invalid',
        'invalid.delta',
        'packets.untranslated',
        'packets.rst',
        'drop.delta',
      ],
      remedies: {
        // Even with be_liberal a reset must not lie below what has been acknowledged.
        'be-liberal': stray ? 'no-effect' : 'cured',
        'drop-invalid': 'cured',
        'ignore-invalid-rst': stray ? 'cured' : 'no-effect',
        'raise-max': 'no-effect',
        placebo: 'no-effect',
      },
    };
  },
});

import { simultaneous } from '../src/fault/simultaneous.ts';
import { defineScenario } from '../src/scenario/define.ts';
import { kernelAtLeast } from '../src/scenario/environment.ts';

/**
 * Claims 1c, 1h, 1j: A and AAAA from one socket on two CPUs race for one entry. Is a query lost, and what
 * ends the race?
 */
export default defineScenario({
  name: 'dns-race',
  summary: 'A and AAAA leave one socket on two CPUs at once and race for one conntrack entry',
  params: {
    show: {
      values: ['loss', 'race'],
      summary: 'the symptom: a query lost in the race, or the race itself',
    },
  },
  matrix: [{}, { show: 'race' }],
  protocol: ({ show }, environment) => {
    // "netfilter: conntrack: allow insertion of clashing entries", Linux 5.6.
    const resolved = kernelAtLeast(environment, 5, 6);
    return {
      topology: {
        nodes: ['worker-1', 'worker-2'],
        pods: {
          app: { replicas: 2, nodes: ['worker-1'] },
          coredns: { replicas: 2, nodes: ['worker-2'] },
        },
        // With two endpoints, the packets of a pair may be translated to different ones.
        services: { 'kube-dns': { pods: 'coredns', port: 53, app: 'dns' } },
        resolver: {
          search: ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
          options: ['ndots:5'],
        },
      },
      node: 'worker-1',
      demand: {
        kind: 'dns-race',
        pods: 'app',
        pairs: 400,
        seconds: 1,
        name: 'kube-dns.default.svc.cluster.local',
        send: 'in-turn',
        patience: '1s',
      },
      fault: simultaneous.on(),
      symptom: {
        ...(show === 'race'
          ? { expected: 'reproduced', when: ['clashes.perOffered > 0.02'], loss: 'clashes.perOffered' }
          : {
              expected: resolved ? 'not-reproduced' : 'reproduced',
              when: ['datagrams.failed > 0', 'insert_failed.delta > 0', 'drop.delta > 0'],
              loss: 'datagrams.failed.rate',
            }),
        finding:
          'cured by the kernel (5.6 and later): clash_resolve counts the races, each of which would have lost a query',
        provenBy: ['clash_resolve.delta > 0'],
      },
      show: [
        'datagrams.offered',
        'datagrams.answered',
        'datagrams.no answer',
        'datagrams.p(95)',
        'datagrams.max',
        'clash_resolve.delta',
        'insert_failed.delta',
        'drop.delta',
        'clashes.perOffered',
        'entries.perOffered',
        'conservation',
      ],
      remedies: {
        'single-request-reopen': 'cured',
        'node-local-dns': 'cured',
        // One entry is still raced for. Without NAT the two agree, and kernels from 5.0 on lose nothing.
        'node-local-dns-tracked': show === 'race' ? 'no-effect' : 'cured',
        placebo: 'no-effect',
      },
    };
  },
});

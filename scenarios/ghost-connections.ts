import { endpoints } from '../src/fault/endpoints.ts';
import { parseDuration } from '../src/util/duration.ts';
import { defineScenario } from '../src/scenario/define.ts';

/** Claim 4e: a backend disappears, and the entries that translate to it outlive it. */
export default defineScenario({
  name: 'ghost-connections',
  summary:
    'a service’s backend is replaced; entries that were translated to the old one send traffic to nobody',
  params: {
    protocol: {
      values: ['udp', 'tcp'],
      summary: 'datagrams from one port each, or kept connections',
    },
    grace: {
      values: ['200ms', '2s'],
      summary: 'how long the old pod stays after its last new client; terminationGracePeriodSeconds has 30 s',
    },
  },
  matrix: [{}, { protocol: 'tcp' }],
  protocol: ({ protocol, grace }, { realKubeProxy = false }) => {
    // kube-proxy programs at most once a second (minSyncPeriod); the pod disappears after that.
    const { seconds, everyMs, changed, after } = realKubeProxy
      ? { seconds: 7.2, everyMs: 300, changed: 0.6, after: 3.5 }
      : { seconds: grace === '2s' ? 5.4 : 3.6, everyMs: 100, changed: 0.25, after: 1.1 };
    return {
      topology: {
        nodes: ['worker-1', 'worker-2', 'worker-3'],
        pods: {
          client: { replicas: 5, nodes: ['worker-1'] },
          newcomer: { replicas: 5, nodes: ['worker-1'] },
          old: { replicas: 1, nodes: ['worker-2'] },
          new: { replicas: 1, nodes: ['worker-3'] },
        },
        services: {
          echo: { pods: 'old', port: 7, app: protocol === 'udp' ? 'udp-echo' : 'echo' },
        },
      },
      node: 'worker-1',
      demand: {
        kind: 'exchange',
        pods: 'client',
        service: 'echo',
        protocol,
        clients: 50,
        everyMs,
        seconds,
        patience: '400ms',
      },
      background: {
        // New flows use the new rules, as a restarted client would.
        newcomers: {
          kind: 'exchange',
          pods: 'newcomer',
          service: 'echo',
          protocol,
          clients: 10,
          everyMs: 100,
          after,
          seconds: 1.2,
          patience: '400ms',
        },
      },
      fault: endpoints.on({ at: changed, service: 'echo', pods: 'new', grace: parseDuration(grace) / 1000 }),
      symptom: {
        // kube-proxy deletes only stale UDP entries (pkg/proxy/conntrack/cleanup.go).
        expected: realKubeProxy && protocol === 'udp' ? 'not-reproduced' : 'reproduced',
        when: ['exchanges.failed.rate > 0.5', 'newcomers.failed == 0', 'drop.delta == 0'],
        loss: 'exchanges.failed.rate',
        finding: 'kube-proxy itself deletes the UDP entries of a removed backend',
      },
      show: [
        'exchanges.offered',
        'exchanges.answered',
        'exchanges.outcome[(28)]',
        'exchanges.outcome[(56)]',
        'exchanges.firstFailure',
        'exchanges.lastFailure',
        'newcomers.answered',
        'newcomers.failed',
        'timeout.UDP',
        'entries.max',
        'invalid.delta',
        'drop.delta',
        'conservation',
      ],
      inspect: ['states'],
      remedies: {
        // A deleted TCP entry costs its connection one reset: the next packet goes to a pod that does not know it.
        'conntrack-delete': protocol === 'udp' ? 'cured' : 'reduced',
        'shorter-timeouts': 'no-effect',
        'be-liberal': 'no-effect',
        'drop-invalid': 'no-effect',
        'raise-max': 'no-effect',
        placebo: 'no-effect',
      },
    };
  },
});

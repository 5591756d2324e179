import { defineScenario } from '../src/scenario/define.ts';

/**
 * s. When CoreDNS’ pod is gone, and when kube-proxy leads to the new one. Lookups between the two fail: a third of them,
 * so that a change which is 0.2 s late on a busy machine is no remedy.
 */
const GONE_AT = 0.3;
const LED_AT = 1.3;

/** Kubernetes issue 129617, CoreDNS issue 5409: lookups fail while CoreDNS is restarted. */
export default defineScenario({
  name: 'dns-restart',
  summary:
    'CoreDNS’ pod is replaced; lookups that are under way repeat their query to the old pod until they give up',
  params: {},
  protocol: () => ({
    topology: {
      nodes: ['worker-1', 'worker-2', 'worker-3'],
      pods: {
        app: { replicas: 5, nodes: ['worker-1'] },
        'coredns-old': { replicas: 1, nodes: ['worker-2'] },
        'coredns-new': { replicas: 1, nodes: ['worker-3'] },
      },
      services: { 'kube-dns': { pods: 'coredns-old', port: 53, app: 'dns' } },
      resolver: {
        search: ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
        options: ['ndots:1', 'timeout:1', 'attempts:5'],
      },
    },
    node: 'worker-1',
    demand: {
      kind: 'dns-client',
      pods: 'app',
      lookups: 120,
      seconds: 3,
      names: ['www.example.com'],
      trailingDot: true,
      patience: '4.6s',
      giveUp: '7s',
    },
    fault: {
      kind: 'event',
      at: GONE_AT,
      change: { kind: 'pod-nft', pods: 'coredns-old', hook: 'input', priority: 0, rules: ['drop'] },
    },
    aftermath: [
      {
        kind: 'event',
        at: LED_AT,
        change: { kind: 'endpoints', service: 'kube-dns', pods: 'coredns-new', grace: 0 },
      },
    ],
    symptom: {
      expected: 'reproduced',
      when: [
        'lookups.failed.rate > 0.08',
        'lookups.failed.rate < 0.7',
        'entries.stale > 0',
        'drop.delta == 0',
      ],
      loss: 'lookups.failed.rate',
    },
    show: [
      'lookups.offered',
      'lookups.answered',
      'lookups.outcome[EAI_AGAIN]',
      'lookups.outcome[too late]',
      'lookups.firstFailure',
      'lookups.lastFailure',
      'lookups.p(95)',
      'entries.stale',
      'entries.max',
      'drop.delta',
      'conservation',
    ],
    inspect: ['stale'],
    // Bounds the pace: the resolver's clock is not stretched, and five attempts must outlast the pod's absence.
    lifetime: '30s',
    lifetimeSysctl: 'net.netfilter.nf_conntrack_udp_timeout',
    note: 'pods resolve with timeout:1 attempts:5, to be quick; the C library’s own are 5 s and 2',
    remedies: {
      'conntrack-delete': 'cured',
      // The node's cache has the name.
      'node-local-dns': 'cured',
      'node-local-dns-tracked': 'cured',
      'single-request-reopen': 'no-effect',
      'be-liberal': 'no-effect',
      placebo: 'no-effect',
    },
  }),
});

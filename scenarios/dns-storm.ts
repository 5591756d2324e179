import { squeeze } from '../src/fault/squeeze.ts';
import { defineScenario } from '../src/scenario/define.ts';

/**
 * Claims 1a, 1b, 1f, 1g, 1h, 1i, 1m, 4a: what ndots:5 makes of a lookup, and of a table with little room.
 */
export default defineScenario({
  name: 'dns-storm',
  summary: 'lookups under ndots:5 fill a node’s conntrack table with queries; then lookups time out',
  params: {
    name: { values: ['two-dots', 'one-dot'], summary: 'the name looked up: www.example.com or example.com' },
    resolver: {
      values: ['quick', 'default'],
      summary: 'timeout:1 attempts:1, or the C library’s 5 s and 2',
    },
    over: { values: ['udp', 'tcp'], summary: 'the pods’ transport: datagrams, or connections (use-vc)' },
  },
  matrix: [{}, { name: 'one-dot' }],
  protocol: ({ name, resolver, over }, { squeeze: squeezed }) => ({
    topology: {
      nodes: ['worker-1', 'worker-2', 'worker-3'],
      pods: {
        app: { replicas: 3, nodes: ['worker-1'] },
        canary: { replicas: 5, nodes: ['worker-1'] },
        coredns: { replicas: 1, nodes: ['worker-2', 'worker-3'] },
      },
      services: {
        'kube-dns': { pods: 'coredns', port: 53, app: 'dns' },
        echo: { pods: 'coredns', port: 7, app: 'echo' },
      },
      resolver: {
        search: ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
        options: [
          'ndots:5',
          ...(resolver === 'quick' ? ['timeout:1', 'attempts:1'] : []),
          ...(over === 'tcp' ? ['use-vc'] : []),
        ],
      },
    },
    node: 'worker-1',
    demand: {
      kind: 'dns-client',
      pods: 'app',
      lookups: 600,
      seconds: 1.2,
      names: [name === 'two-dots' ? 'www.example.com' : 'example.com'],
      patience: '900ms',
      // Four names, each until its timeout: 4 × 1 s, or 4 × 2 × 5 s.
      giveUp: resolver === 'quick' ? '4.5s' : '41s',
    },
    canaries: { kind: 'keepalive', pods: 'canary', service: 'echo', connections: 5, everyMs: 100 },
    fault: squeeze.on({ node: 'worker-1', free: 1200 }),
    symptom: {
      // With 512 buckets every query finds an unassured entry in the 8 searched buckets, and evicts it.
      expected: squeezed === 'sysctl' ? 'not-reproduced' : 'reproduced',
      when: ['lookups.failed.rate > 0.2', 'drop.delta > 0', 'canaries.answered > 0', 'canaries.failed == 0'],
      loss: 'lookups.failed.rate',
      finding:
        'a small table full of one-shot queries evicts the old for the new (early_drop), and refuses none',
    },
    show: [
      'lookups.offered',
      'lookups.answered',
      'lookups.outcome[EAI_AGAIN]',
      'lookups.outcome[too late]',
      'lookups.outcome[gave up]',
      'lookups.p(95)',
      'queries',
      'queries.perLookup',
      'queries.perLookup.one-dot',
      'queries.perLookup.two-dots',
      'outside.udp',
      'outside.tcp',
      'entries.perLookup.two-dots',
      'entries.max',
      'drop.delta',
      'early_drop.delta',
      'state.UDP',
      'timeout.UDP',
      'canaries.answered',
      'canaries.failed',
      'conservation',
    ],
    ...(resolver === 'quick' && {
      note: 'pods resolve with timeout:1 attempts:1, to be quick; --param resolver=default uses the C library’s 5 s and 2',
    }),
    inspect: ['states'],
    lifetime: over === 'tcp' ? '120s' : '30s',
    lifetimeSysctl: `net.netfilter.nf_conntrack_${over === 'tcp' ? 'tcp_timeout_time_wait' : 'udp_timeout'}`,
    remedies: {
      // A fifth of the entries fill the same table five times later.
      'ndots-2': name === 'two-dots' ? 'postponed' : 'no-effect',
      'trailing-dot': 'postponed',
      'shorter-timeouts': 'no-effect',
      'use-vc': 'no-effect',
      'single-request-reopen': 'worse',
      'node-local-dns': 'cured',
      'node-local-dns-tracked': 'no-effect',
      // Changes only CoreDNS' upstream transport, which `outside.udp` and `outside.tcp` show.
      'coredns-forward': 'no-effect',
      'raise-max': 'postponed',
      'raise-max-for-good': 'cured',
      placebo: 'no-effect',
    },
  }),
});

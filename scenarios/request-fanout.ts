import { squeeze } from '../src/fault/squeeze.ts';
import { defineScenario } from '../src/scenario/define.ts';

const BACKEND = { short: 'backend', full: 'backend.default.svc.cluster.local' } as const;

/**
 * Claims 4c, 4l, 4q: a user's request is a lookup and three connections. The table has room for one entry
 * each.
 */
export default defineScenario({
  name: 'request-fanout',
  summary: 'one user request is four entries or more, so a table that has room for the requests overflows',
  params: {
    name: {
      values: ['short', 'full', 'none'],
      summary:
        'what the front end looks up: backend, or backend.default.svc.cluster.local (4 dots); none: it calls nobody',
    },
  },
  matrix: [{}, { name: 'full' }, { name: 'none' }],
  protocol: ({ name }, { squeeze: squeezed }) => {
    // With so few buckets the kernel finds lookup entries to evict (early_drop): only TCP's take room.
    const evicts = squeezed === 'sysctl';
    return {
      topology: {
        nodes: ['worker-1', 'worker-2'],
        pods: {
          user: { replicas: 10, nodes: ['worker-1'] },
          front: { replicas: 2, nodes: ['worker-1'] },
          backend: { replicas: 2, nodes: ['worker-1'] },
          canary: { replicas: 4, nodes: ['worker-1'] },
          database: { replicas: 1, nodes: ['worker-2'] },
          coredns: { replicas: 1, nodes: ['worker-2'] },
        },
        services: {
          front: {
            pods: 'front',
            port: 80,
            app: 'http',
            calls: name === 'none' ? [] : [{ service: 'backend', name: BACKEND[name] }],
          },
          backend: { pods: 'backend', port: 80, app: 'http', calls: [{ service: 'database' }] },
          database: { pods: 'database', port: 80, app: 'http' },
          'kube-dns': { pods: 'coredns', port: 53, app: 'dns' },
          echo: { pods: 'database', port: 7, app: 'echo' },
        },
        resolver: {
          search: ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
          options: ['ndots:5', 'timeout:1', 'attempts:1'],
        },
      },
      node: 'worker-1',
      demand: {
        kind: 'simple-app',
        pods: 'user',
        service: 'front',
        stages: [{ pods: 10, seconds: 1.2 }],
        // Enough that a third of them fail, and few enough that one entry more or less for each shows: by 1.35 times
        // more or 0.6 times as much.
        requests: name !== 'full' ? 430 : evicts ? 440 : 345,
        connectTimeout: '2s',
      },
      canaries: { kind: 'keepalive', pods: 'canary', service: 'echo', connections: 4, everyMs: 100 },
      fault: squeeze.on({ node: 'worker-1', free: evicts ? 800 : 1200 }),
      symptom: {
        expected: name === 'none' ? 'not-reproduced' : 'reproduced',
        when: ['requests.failed.rate > 0.1', 'drop.delta > 0', 'free.min <= 0', 'canaries.failed == 0'],
        loss: 'requests.failed.rate',
        finding:
          'the same requests fit where they call nobody: it is the calls behind them that fill the table',
        provenBy: ['entries.perOffered > 0.9'],
      },
      show: [
        'requests.offered',
        'requests.answered',
        'requests.outcome[(22)]',
        'requests.outcome[(28)]',
        'requests.p(95)',
        'queries',
        'entries.perOffered',
        'state.TIME_WAIT',
        'timeout.TIME_WAIT',
        'state.UDP',
        'timeout.UDP',
        'entries.perRate',
        'entries.max',
        'drop.delta',
        'canaries.failed',
        'conservation',
      ],
      inspect: ['states'],
      lifetime: '120s',
      lifetimeSysctl: 'net.netfilter.nf_conntrack_tcp_timeout_time_wait',
      remedies: {
        'raise-max': 'postponed',
        'raise-max-for-good': 'cured',
        'raise-buckets': 'no-effect',
        'shorter-timeouts': 'no-effect',
        // Saves one entry of four, or of seven; the others remain.
        keepalive: name === 'full' && !evicts ? 'no-effect' : 'reduced',
        'connection-pools': 'cured',
        // The first search domain has the short name, so nothing more is searched. `backend.` is no name.
        'ndots-2': name === 'full' && !evicts ? 'reduced' : 'no-effect',
        'trailing-dot': name === 'full' ? (evicts ? 'no-effect' : 'reduced') : 'worse',
        // Three entries a request remain, of four or of seven.
        'node-local-dns': evicts ? 'no-effect' : name === 'full' ? 'postponed' : 'reduced',
        'node-local-dns-tracked': 'no-effect',
        // A second socket is a second entry. A client of a service's address needs NAT.
        ...(name === 'short' && {
          'single-request-reopen': evicts ? ('no-effect' as const) : ('worse' as const),
          notrack: 'worse' as const,
        }),
        placebo: 'no-effect',
      },
    };
  },
});

import type { Change } from '../src/change/index.ts';
import { squeeze } from '../src/fault/squeeze.ts';
import { defineScenario } from '../src/scenario/define.ts';

/** Connections that one pod may hold, or open at once. The quiet pods need 40 each, the noisy one asks for 900. */
const QUOTA = 200;

/** A rule for each source of its own, between conntrack's lookup and the insertion of the entry. */
function perPod(limit: string): Change {
  return {
    kind: 'nft',
    node: 'worker-1',
    hook: 'prerouting',
    priority: -100,
    rules: [`ct state new meter per-pod size 65535 { ip saddr ${limit} } counter drop`],
  };
}

/** akash-network/support issue 659, gitpod issue 10651: one tenant takes the node's table. */
export default defineScenario({
  name: 'tenant-quota',
  summary: 'one pod takes the node’s table; a quota for each pod leaves room for the others',
  params: {
    neighbour: {
      values: ['holds', 'churns'],
      summary: 'the noisy pod keeps its connections open, or closes each after its request',
    },
  },
  matrix: [{}, { neighbour: 'churns' }],
  protocol: ({ neighbour }) => ({
    topology: {
      nodes: ['worker-1', 'worker-2'],
      pods: {
        quiet: { replicas: 5, nodes: ['worker-1'] },
        noisy: { replicas: 1, nodes: ['worker-1'] },
        server: { replicas: 1, nodes: ['worker-2'] },
      },
      services: { web: { pods: 'server', port: 80, app: 'http' } },
    },
    node: 'worker-1',
    demand: {
      kind: 'simple-app',
      pods: 'quiet',
      service: 'web',
      stages: [{ pods: 5, seconds: 2 }],
      requests: 200,
      connectTimeout: '2s',
      // gc takes entries of closed connections from a full table, and those would be answered in their place.
      hold: true,
    },
    background: {
      neighbour: {
        kind: 'simple-app',
        pods: 'noisy',
        service: 'web',
        stages: [{ pods: 1, seconds: 1 }],
        requests: 900,
        connectTimeout: '1s',
        hold: neighbour === 'holds',
      },
    },
    fault: squeeze.on({ node: 'worker-1', free: 600 }),
    symptom: {
      expected: 'reproduced',
      when: ['requests.failed.rate > 0.2', 'drop.delta > 0', 'free.min <= 0'],
      loss: 'requests.failed.rate',
    },
    show: [
      'requests.offered',
      'requests.answered',
      'requests.outcome[(28)]',
      'neighbour.answered',
      'neighbour.failed',
      'drop.delta',
      'entries.max',
      'free.min',
      'conservation',
    ],
    // Bounds the pace: within the demand nothing may expire by the 30 s of shorter-timeouts.
    lifetime: '90s',
    // The noisy pod is done within a second.
    burst: true,
    remedies: {
      'raise-max': 'cured',
      // The quiet pods' connections are there before the table is full.
      keepalive: 'cured',
      notrack: 'cured',
      'be-liberal': 'no-effect',
      'shorter-timeouts': 'no-effect',
      placebo: 'no-effect',
    },
    ownRemedies: {
      quota: {
        summary: `a rule drops a pod’s new connections while it has ${String(QUOTA)} open`,
        // Entries of closed connections (TIME_WAIT, CLOSE) are not counted: nf_conncount.c, already_closed.
        expected: neighbour === 'holds' ? 'cured' : 'no-effect',
        changes: [perPod(`ct count over ${String(QUOTA)}`)],
      },
      rate: {
        summary: `a rule drops a pod’s new connections above ${String(QUOTA)} at once and one per second`,
        expected: 'cured',
        changes: [perPod(`limit rate over 1/second burst ${String(QUOTA)} packets`)],
      },
    },
  }),
});

/** The scenario of `tablefull init`, in both formats. It runs in a few seconds. */

/** @param schema path of the JSON Schema, relative to the file */
export function yamlTemplate(schema: string): string {
  return `# yaml-language-server: $schema=${schema}
# Check it with \`tablefull validate\`, run it with \`tablefull run\`; all keys: docs/reference/scenario-file.md
name: mine
summary: five pods ask for more connections than a node's table has room for

topology:
  nodes: [worker-1, worker-2]
  pods:
    app: { replicas: 5, nodes: [worker-1] }
    server: { replicas: 1, nodes: [worker-2] }
  services:
    web: { pods: server, port: 80, app: http }

# The node whose table is under test.
node: worker-1

# The same in every phase.
demand:
  kind: simple-app
  pods: app
  service: web
  stages: [{ pods: 5, seconds: 0.5 }]
  requests: 200
  connectTimeout: 500ms

# The fault: this many free entries are left.
fault: { kind: squeeze, node: worker-1, free: 100 }

symptom:
  expected: reproduced
  # All of this holds with the fault, not without it.
  when:
    - requests.failed.rate > 0.2
    - drop.delta > 0
  # The share of the demand that failed: remedies are judged by it.
  loss: requests.failed.rate

# Further expectations, by phase: baseline, fault, or a remedy.
expectations:
  baseline:
    - requests p(95) < 200
  fault:
    - drop.delta > baseline.drop.delta
  keepalive:
    - drop.delta == 0

show: [requests.answered, "requests.outcome[(28)]", requests.p(95), entries.max, drop.delta]

# Built-in remedies (\`tablefull explain\`), and the status you expect of each.
remedies:
  keepalive: cured
  placebo: no-effect

# Your own remedies. Their changes are undone and read back.
ownRemedies:
  short-time-wait:
    summary: closed connections are forgotten after 5 s instead of 120 s
    expected: no-effect
    changes:
      - kind: sysctl
        node: all
        name: net.netfilter.nf_conntrack_tcp_timeout_time_wait
        value: 5
`;
}

export const TS_TEMPLATE = `import { defineScenario, squeeze } from 'tablefull';

// Check it with \`tablefull validate\`, run it with \`tablefull run\`; all keys: docs/reference/scenario-file.md
export default defineScenario({
  name: 'mine',
  summary: "five pods ask for more connections than a node's table has room for",
  params: {
    free: { values: ['100', '50'], summary: 'how many entries of the table are left' },
  },
  protocol: ({ free }) => ({
    topology: {
      nodes: ['worker-1', 'worker-2'],
      pods: {
        app: { replicas: 5, nodes: ['worker-1'] },
        server: { replicas: 1, nodes: ['worker-2'] },
      },
      services: { web: { pods: 'server', port: 80, app: 'http' } },
    },
    // The node whose table is under test.
    node: 'worker-1',
    // The same in every phase.
    demand: {
      kind: 'simple-app',
      pods: 'app',
      service: 'web',
      stages: [{ pods: 5, seconds: 0.5 }],
      requests: 200,
      connectTimeout: '500ms',
    },
    // The fault: this many free entries are left.
    fault: squeeze.on({ node: 'worker-1', free: Number(free) }),
    symptom: {
      expected: 'reproduced',
      // All of this holds with the fault, not without it.
      when: ['requests.failed.rate > 0.2', 'drop.delta > 0'],
      // The share of the demand that failed: remedies are judged by it.
      loss: 'requests.failed.rate',
    },
    // Further expectations, by phase: baseline, fault, or a remedy.
    expectations: {
      baseline: ['requests p(95) < 200'],
      fault: ['drop.delta > baseline.drop.delta'],
      keepalive: ['drop.delta == 0'],
    },
    show: ['requests.answered', 'requests.outcome[(28)]', 'requests.p(95)', 'entries.max', 'drop.delta'],
    // Built-in remedies (\`tablefull explain\`), and the status you expect of each.
    remedies: { keepalive: 'cured', placebo: 'no-effect' },
    // Your own remedies. Their changes are undone and read back.
    ownRemedies: {
      'short-time-wait': {
        summary: 'closed connections are forgotten after 5 s instead of 120 s',
        expected: 'no-effect',
        changes: [
          {
            kind: 'sysctl',
            node: 'all',
            name: 'net.netfilter.nf_conntrack_tcp_timeout_time_wait',
            value: 5,
          },
        ],
      },
    },
  }),
});
`;

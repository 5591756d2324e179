import type { Change } from '../src/change/index.ts';
import { defineScenario } from '../src/scenario/define.ts';
import { POD_NETWORK } from '../src/util/address-plan.ts';

/** The port of pods behind a web service. */
const PORT = 8080;

/** NOTRACK between pods, by these ports, on each node. */
function notrack(...ports: readonly ('dport' | 'sport')[]): Change {
  return {
    kind: 'nft',
    node: 'all',
    hook: 'prerouting',
    priority: -300,
    rules: ports.map(
      (port) => `ip saddr ${POD_NETWORK} ip daddr ${POD_NETWORK} tcp ${port} ${String(PORT)} notrack`,
    ),
  };
}

/** What notrack breaks: connections of which a rule matches one direction. */
export default defineScenario({
  name: 'half-tracked',
  summary:
    'a NOTRACK rule matches one direction of a connection; conntrack neither translates the other back nor knows it',
  params: {
    rule: {
      values: ['both', 'requests'],
      summary:
        'the rule’s ports: both, with clients that use the service’s address; or the request’s alone, between pods',
    },
  },
  matrix: [{}, { rule: 'requests' }],
  protocol: ({ rule }) => {
    const both = rule === 'both';
    return {
      topology: {
        nodes: ['worker-1', 'worker-2'],
        pods: {
          client: { replicas: 5, nodes: ['worker-1'] },
          server: { replicas: 1, nodes: ['worker-2'] },
        },
        services: { web: { pods: 'server', port: 80, app: 'http' } },
      },
      node: 'worker-1',
      demand: {
        kind: 'simple-app',
        pods: 'client',
        service: 'web',
        ...(!both && { via: 'pods' as const }),
        stages: [{ pods: 5, seconds: 1 }],
        requests: 100,
        connectTimeout: '500ms',
      },
      // kube-proxy's rule, of which the answers run foul.
      prepare: [
        { kind: 'nft', node: 'all', hook: 'forward', priority: 0, rules: ['ct state invalid counter drop'] },
      ],
      fault: both ? notrack('dport', 'sport') : notrack('dport'),
      symptom: {
        expected: 'reproduced',
        when: [
          'requests.failed.rate > 0.9',
          ...(both ? ['packets.rst > 50'] : ['worker-2.packets.invalid > 50']),
          'drop.delta == 0',
        ],
        loss: 'requests.failed.rate',
      },
      show: [
        'requests.offered',
        'requests.answered',
        'requests.outcome[(28)]',
        'packets.rst',
        'packets.invalid',
        'worker-2.packets.invalid',
        'entries.max',
        'drop.delta',
      ],
      remedies: {
        headless: both ? 'cured' : 'no-effect',
        'be-liberal': 'no-effect',
        'drop-invalid': 'no-effect',
        // Contains headless.
        ...(both && { notrack: 'cured' as const }),
        placebo: 'no-effect',
      },
      why: {
        'be-liberal': both ? 'no packet is INVALID' : 'no entry: it knows no window',
        'drop-invalid': both ? 'no packet is INVALID' : 'the nodes drop these already',
        headless: both ? 'clients need no service NAT' : 'clients use the pods’ addresses already',
        'answers-too': both ? 'the rule has them already' : 'what is not tracked is not INVALID',
      },
      ownRemedies: {
        'answers-too': {
          summary: 'a rule for the answers’ port as well',
          expected: both ? 'no-effect' : 'cured',
          changes: [notrack('sport')],
        },
      },
    };
  },
});

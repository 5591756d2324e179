import { defineScenario } from '../src/scenario/define.ts';
import { kernelAtLeast } from '../src/scenario/environment.ts';

const SYN_SENT = 'net.netfilter.nf_conntrack_tcp_timeout_syn_sent';
/** s. When the nodes know the service. */
const KNOWN_AT = 0.9;

/** Kubernetes issues 101607 and 48719: SYNs before the service is programmed. */
export default defineScenario({
  name: 'early-syn',
  summary:
    'SYNs to a service that no node knows yet make entries without translation; retries from the same port stay stuck',
  params: {},
  protocol: (_, environment) => ({
    topology: {
      nodes: ['worker-1', 'worker-2'],
      pods: {
        client: { replicas: 5, nodes: ['worker-1'] },
        server: { replicas: 1, nodes: ['worker-2'] },
      },
      services: { orders: { pods: 'server', port: 80, app: 'whoami' } },
    },
    node: 'worker-1',
    demand: {
      kind: 'exchange',
      pods: 'client',
      service: 'orders',
      protocol: 'tcp',
      connect: 'each',
      ownPort: true,
      clients: 50,
      after: '300ms',
      everyMs: '200ms',
      seconds: 2.4,
      patience: '170ms',
    },
    fault: {
      kind: 'event',
      at: 0,
      until: KNOWN_AT,
      change: { kind: 'unprogrammed', service: 'orders' },
    },
    symptom: {
      expected: 'reproduced',
      when: ['clients.stuck > 0.9', 'entries.stale >= 20', 'drop.delta == 0', 'invalid.delta == 0'],
      loss: 'clients.stuck',
    },
    show: [
      'exchanges.offered',
      'exchanges.answered',
      'clients.stuck',
      'exchanges.lastFailure',
      'entries.stale',
      'state.SYN_SENT',
      'timeout.SYN_SENT',
      'drop.delta',
    ],
    inspect: ['states', 'stale'],
    // On a slower machine the entries must not end by themselves.
    lifetime: 120,
    lifetimeSysctl: SYN_SENT,
    remedies: {
      'conntrack-delete': 'cured',
      'be-liberal': 'no-effect',
      placebo: 'no-effect',
    },
    why: {
      'conntrack-delete': 'the next SYN is translated',
      'drop-while-unknown': 'what is dropped leaves no entry',
      'short-syn-sent': 'a repeated SYN renews no entry',
      'any-port': 'a new port has no entry yet',
    },
    ownRemedies: {
      'drop-while-unknown': {
        summary: 'nodes drop what is bound for the service’s port untranslated: pods listen on another',
        expected: 'cured',
        changes: [
          { kind: 'nft', node: 'all', hook: 'forward', priority: 0, rules: ['tcp dport 80 counter drop'] },
        ],
      },
      'short-syn-sent': {
        summary: 'nf_conntrack_tcp_timeout_syn_sent=1: the entry of an unanswered SYN ends soon',
        // Older kernels renew the entry with each SYN.
        expected: kernelAtLeast(environment, 5, 14) ? 'cured' : 'no-effect',
        changes: [{ kind: 'sysctl', node: 'all', name: SYN_SENT, value: 1 }],
      },
      'any-port': {
        summary: 'the kernel chooses a port for each connection, so that a retry has a new entry',
        expected: 'cured',
        changes: [{ kind: 'load', set: { ownPort: false } }],
      },
    },
  }),
});

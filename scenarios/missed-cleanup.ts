import { defineScenario } from '../src/scenario/define.ts';

/** s. When CoreDNS’ node dies, and when kube-proxy, paused until then, programs the new pods. */
const GONE_AT = 0.4;
const RESUMED_AT = 1.2;

/** Kubernetes issue 125467: kube-proxy was paused while CoreDNS' pods changed. */
export default defineScenario({
  name: 'missed-cleanup',
  summary:
    'kube-proxy is paused while CoreDNS’ pods change; later its rules are right, and clients that keep one UDP socket get no answer',
  params: {},
  protocol: () => ({
    topology: {
      nodes: ['worker-1', 'worker-2', 'worker-3'],
      pods: {
        client: { replicas: 5, nodes: ['worker-1'] },
        newcomer: { replicas: 5, nodes: ['worker-1'] },
        'coredns-old': { replicas: 1, nodes: ['worker-2'] },
        'coredns-new': { replicas: 1, nodes: ['worker-3'] },
      },
      services: { 'kube-dns': { pods: 'coredns-old', port: 53, app: 'udp-echo' } },
    },
    node: 'worker-1',
    demand: {
      kind: 'exchange',
      pods: 'client',
      service: 'kube-dns',
      protocol: 'udp',
      clients: 50,
      everyMs: 200,
      seconds: 3.6,
      patience: '400ms',
    },
    background: {
      // A new socket has a new entry, made by the new rules.
      newcomers: {
        kind: 'exchange',
        pods: 'newcomer',
        service: 'kube-dns',
        protocol: 'udp',
        clients: 10,
        everyMs: 200,
        after: 2.2,
        seconds: 1.2,
        patience: '400ms',
      },
    },
    fault: {
      kind: 'event',
      at: GONE_AT,
      change: { kind: 'pod-nft', pods: 'coredns-old', hook: 'input', priority: 0, rules: ['drop'] },
    },
    aftermath: [
      {
        kind: 'event',
        at: RESUMED_AT,
        change: { kind: 'endpoints', service: 'kube-dns', pods: 'coredns-new', grace: 0 },
      },
    ],
    symptom: {
      expected: 'reproduced',
      when: [
        'exchanges.failed.rate > 0.5',
        'entries.stale == 50',
        'newcomers.failed == 0',
        'drop.delta == 0',
      ],
      // The time in which kube-proxy was paused is lost with every remedy: what is judged is who stays lost.
      loss: 'entries.stale.share',
    },
    show: [
      'exchanges.offered',
      'exchanges.answered',
      'exchanges.outcome[(28)]',
      'exchanges.lastFailure',
      'newcomers.answered',
      'newcomers.failed',
      'entries.stale',
      'timeout.UDP',
      'entries.max',
      'drop.delta',
      'conservation',
    ],
    inspect: ['states', 'stale'],
    note: 'an echo server stands for CoreDNS; a paused kube-proxy is one whose rules change late, and whose old entries nobody deletes',
    remedies: {
      'conntrack-delete': 'cured',
      'timeout-udp': 'no-effect',
      'be-liberal': 'no-effect',
      placebo: 'no-effect',
    },
  }),
});

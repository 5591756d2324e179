import { defineScenario } from '../src/scenario/define.ts';
import { POD_NETWORK } from '../src/util/address-plan.ts';

/** ip-masq-agent issue 51, plugins issue 163, flannel issue 1001: two flows that leave at once get one port. */
export default defineScenario({
  name: 'snat-race',
  summary:
    'flows of two pods that leave at the same moment are masqueraded to the same port, and one of them is lost',
  params: {},
  protocol: () => ({
    topology: {
      nodes: ['worker-1', 'worker-2'],
      pods: {
        app: { replicas: 2, nodes: ['worker-1'] },
        coredns: { replicas: 1, nodes: ['worker-2'] },
      },
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
      pairs: 1000,
      seconds: 2.5,
      name: 'kube-dns.default.svc.cluster.local',
      send: 'at-once',
      sockets: 'two-pods',
      patience: '1s',
    },
    fault: {
      kind: 'nft',
      node: 'worker-1',
      type: 'nat',
      hook: 'postrouting',
      priority: 110,
      rules: [`ip saddr ${POD_NETWORK} masquerade`],
    },
    symptom: {
      expected: 'reproduced',
      when: ['datagrams.failed.rate > 0.02', 'insert_failed.delta > 0', 'free.min > 100000'],
      loss: 'datagrams.failed.rate',
      // How often two CPUs are at the same line at once is chance: 19 to 40 % of the datagrams were lost.
      spread: 3,
    },
    show: [
      'datagrams.offered',
      'datagrams.answered',
      'datagrams.outcome[no answer]',
      'insert_failed.delta',
      'drop.delta',
      'found.delta',
      'clash_resolve.delta',
      'entries.max',
      'conservation',
    ],
    note: 'the worst case, made on purpose: both pods send from the same port at the same moment, on two CPUs',
    remedies: {
      'random-fully': 'cured',
      // The node's cache answers: nothing is masqueraded.
      'node-local-dns': 'cured',
      'node-local-dns-tracked': 'cured',
      'raise-max': 'no-effect',
      'be-liberal': 'no-effect',
      placebo: 'no-effect',
    },
  }),
});

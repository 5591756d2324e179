import { squeeze } from '../src/fault/squeeze.ts';
import { defineScenario } from '../src/scenario/define.ts';

/** Claims 4d, 4o: kube-proxy looks through the whole conntrack table when the endpoints of a UDP service change. */
export default defineScenario({
  name: 'udp-cleanup-storm',
  summary: 'with a large table every update of a UDP service’s endpoints costs kube-proxy a scan of all of it',
  params: {
    protocol: {
      values: ['udp', 'tcp'],
      summary: 'of the service that is updated: kube-proxy deletes stale entries of UDP only',
    },
    traffic: {
      values: ['none', 'to-it'],
      summary: 'nobody asks the service, or 500 clients do, whose entries each update makes stale',
    },
  },
  matrix: [{}, { protocol: 'tcp' }, { traffic: 'to-it' }],
  protocol: ({ protocol, traffic }, { squeeze: how, realKubeProxy = false }) => {
    const skip = !realKubeProxy
      ? 'it is kube-proxy itself that is looked at, and this lab programs its nodes by itself: use --lab kind'
      : how !== 'ballast'
        ? `the squeeze ${how} makes the table small, and here it has to be large: use --squeeze ballast`
        : undefined;
    return {
      topology: {
        nodes: ['worker-1', 'worker-2'],
        pods: {
          sender: { replicas: 5, nodes: ['worker-1'] },
          server: { replicas: 1, nodes: ['worker-2'] },
          one: { replicas: 1, nodes: ['worker-2'] },
          other: { replicas: 1, nodes: ['worker-2'] },
        },
        services: {
          echo: { pods: 'server', port: 7, app: protocol === 'udp' ? 'udp-echo' : 'echo' },
        },
      },
      node: 'worker-1',
      demand: {
        kind: 'updates',
        service: 'echo',
        pods: 'one',
        to: 'other',
        updates: 4,
        seconds: 8,
        patience: 0.5,
        giveUp: 30,
      },
      background:
        traffic === 'none'
          ? {}
          : {
              senders: {
                kind: 'exchange',
                pods: 'sender',
                service: 'echo',
                protocol,
                clients: 500,
                everyMs: 500,
                seconds: 8,
                patience: 1,
              },
            },
      // Entries of others, TCP at that; nearly all that the table can hold.
      fault: squeeze.on({ node: 'worker-1', free: 20_000 }),
      symptom: {
        expected: skip === undefined ? (protocol === 'udp' ? 'reproduced' : 'not-reproduced') : 'skipped',
        when: ['updates.failed.rate > 0.5', 'kubeproxy.cpu > 3 * baseline.kubeproxy.cpu'],
        unmet: 'updates.failed.rate',
        provenBy: ['kubeproxy.syncs >= 4', 'entries.max > 100000'],
        finding: 'kube-proxy leaves the table alone unless it is a UDP service whose endpoints change',
      },
      show: [
        'updates.offered',
        'updates.answered',
        'updates.(late)',
        'updates.p(95)',
        'kubeproxy.cpu',
        'kubeproxy.rss',
        'kubeproxy.syncs',
        'kubeproxy.syncing',
        'kubeproxy.scans',
        'kubeproxy.scanning',
        'kubeproxy.deleted',
        'entries.max',
        'drop.delta',
      ],
      inspect: ['kube-proxy'],
      ...(skip !== undefined && { skip }),
      remedies: {
        // Fewer scans, and none of them shorter; what is put together waits for its turn.
        'min-sync-period': 'no-effect',
        'proxy-mode': 'no-effect',
        placebo: 'no-effect',
      },
    };
  },
});

import { squeeze } from '../src/fault/squeeze.ts';
import { defineScenario } from '../src/scenario/define.ts';

/** Claims 4d, 4o: kube-proxy lists the whole conntrack table when the endpoints of a UDP service change. */
export default defineScenario({
  name: 'udp-cleanup-storm',
  summary:
    'with a large table every update of a UDP service’s endpoints costs kube-proxy a scan of all of it',
  params: {
    protocol: {
      values: ['udp', 'tcp'],
      summary: 'protocol of the updated service: kube-proxy deletes stale entries of UDP only',
    },
    traffic: {
      values: ['none', 'to-it'],
      summary: 'no client asks the service, or 500 do, whose entries each update makes stale',
    },
  },
  matrix: [{}, { protocol: 'tcp' }, { traffic: 'to-it' }],
  protocol: ({ protocol, traffic }, { squeeze: how, realKubeProxy = false }) => {
    const skip = !realKubeProxy
      ? 'it is kube-proxy itself that is looked at, and this lab programs its nodes by itself: use --lab kind'
      : how !== 'ballast'
        ? `the squeeze ${how} makes the table small, but this scenario needs a large one: use --squeeze ballast`
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
        seconds: 16,
        patience: '1s',
        giveUp: '30s',
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
                seconds: 16,
                patience: '1s',
              },
            },
      // Restarted, so that its memory shows only this phase's work.
      prepare: [{ kind: 'kube-proxy', set: {} }],
      // TCP entries of other flows, nearly as many as the table can hold.
      fault: squeeze.on({ node: 'worker-1', free: 20_000 }),
      symptom: {
        expected: skip === undefined ? (protocol === 'udp' ? 'reproduced' : 'not-reproduced') : 'skipped',
        when: [
          'kubeproxy.cpu.share > 0.1',
          'kubeproxy.cpu > 5 * baseline.kubeproxy.cpu',
          'kubeproxy.rss > 1.5 * baseline.kubeproxy.rss',
        ],
        // The demand is that an update costs almost nothing, as with a small table.
        loss: 'kubeproxy.cpu.share',
        provenBy: ['kubeproxy.syncs >= 4', 'entries.max > 100000'],
        finding: 'kube-proxy scans the table only when the endpoints of a UDP service change',
      },
      show: [
        'updates.offered',
        'updates.answered',
        'updates.outcome[(late)]',
        'updates.p(95)',
        'kubeproxy.cpu',
        'kubeproxy.cpu.share',
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
      expectations: {
        'min-sync-period': ['kubeproxy.scans < fault.kubeproxy.scans', 'updates.failed > 0'],
      },
      remedies: {
        // Fewer scans, each as long; combined updates wait for their turn.
        'min-sync-period': 'reduced',
        'proxy-mode': 'no-effect',
        placebo: 'no-effect',
      },
    };
  },
});

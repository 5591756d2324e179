import { defineScenario } from '../src/scenario/define.ts';

/**
 * s. Between two syncs of kube-proxy, for the 20 s of `min-sync-period`. Longer than the demand by more than what a busy
 * cluster needs to tell that the first sync is over: the second waits for the rest.
 */
const PERIOD = 12;
/** s. When the rollout replaces the first pod and the second, and when the second is gone. */
const FIRST_AT = 0.1;
const SECOND_AT = 0.2;
const GONE_AT = 2.8;

/** Settings of both modes of kube-proxy. */
function period(minSyncPeriod: string) {
  return {
    kind: 'kube-proxy',
    set: { iptables: { minSyncPeriod }, nftables: { minSyncPeriod } },
  } as const;
}

/** What min-sync-period breaks: a rollout is faster than kube-proxy, and its clients go to pods that are gone. */
export default defineScenario({
  name: 'late-endpoints',
  summary:
    'a rollout’s second step waits for kube-proxy’s minSyncPeriod; until then clients go to a pod that is gone',
  params: {},
  protocol: (_, { realKubeProxy = false }) => ({
    topology: {
      nodes: ['worker-1', 'worker-2'],
      pods: {
        client: { replicas: 5, nodes: ['worker-1'] },
        one: { replicas: 1, nodes: ['worker-2'] },
        two: { replicas: 1, nodes: ['worker-2'] },
        three: { replicas: 1, nodes: ['worker-2'] },
      },
      services: { echo: { pods: 'one', port: 7, app: 'echo' } },
    },
    node: 'worker-1',
    demand: {
      kind: 'exchange',
      pods: 'client',
      service: 'echo',
      protocol: 'tcp',
      connect: 'each',
      clients: 20,
      everyMs: 200,
      seconds: 5,
      patience: '400ms',
    },
    // The second change follows as soon as kube-proxy has programmed the first: it always waits for a whole period.
    events: [
      { at: FIRST_AT, change: { kind: 'endpoints', service: 'echo', pods: 'two', grace: 0 } },
      { at: SECOND_AT, change: { kind: 'endpoints', service: 'echo', pods: 'three', grace: 0 } },
      {
        at: GONE_AT,
        change: { kind: 'pod-nft', pods: 'two', hook: 'input', priority: 0, rules: ['drop'] },
      },
    ],
    fault: period(`${String(PERIOD)}s`),
    symptom: {
      expected: realKubeProxy ? 'reproduced' : 'skipped',
      when: [
        'exchanges.failed.rate > 0.15',
        'exchanges.failed == exchanges.outcome[(28)]',
        'drop.delta == 0',
      ],
      loss: 'exchanges.failed.rate',
    },
    ...(!realKubeProxy && {
      skip: 'it is kube-proxy’s own pace, and this lab programs its nodes by itself: use --lab kind',
    }),
    show: [
      'exchanges.offered',
      'exchanges.answered',
      'exchanges.outcome[(28)]',
      'exchanges.firstFailure',
      'exchanges.lastFailure',
      'kubeproxy.syncs',
      'entries.max',
      'drop.delta',
    ],
    inspect: ['kube-proxy'],
    compressed: `minSyncPeriod is ${String(PERIOD)} s for the 20 s of the remedy, and a pod stays for ${(GONE_AT - SECOND_AT).toFixed(1)} s`,
    // Bounds the pace: kube-proxy's clock is not stretched.
    lifetime: `${String(PERIOD)}s`,
    note: 'the fault is the remedy `min-sync-period` of other scenarios',
    remedies: {
      'conntrack-delete': 'no-effect',
      placebo: 'no-effect',
    },
    why: {
      'conntrack-delete': 'new connections fail, too',
      'default-period': 'the pod stays until no node leads to it',
    },
    ownRemedies: {
      'default-period': {
        summary: 'minSyncPeriod: 1s, kube-proxy’s default',
        expected: 'cured',
        changes: [period('1s')],
      },
    },
  }),
});

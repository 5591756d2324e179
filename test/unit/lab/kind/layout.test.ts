import { expect, it } from 'vitest';
import { eventsOn } from '../../../../src/lab/kind/layout.ts';
import { protocolSchema } from '../../../../src/schema/protocol.ts';
import { PROTOCOL } from '../../judge/history-builder.ts';

it('an agent makes the scheduled changes of its own pods and node, and leaves those of the API server alone', () => {
  const { topology } = PROTOCOL;
  const [one, other] = ['worker-1', 'worker-2'] as const;
  const pods = {
    ...topology.pods,
    mine: { replicas: 1, nodes: [one] },
    theirs: { replicas: 1, nodes: [other] },
  };
  const drop = { hook: 'input', priority: 0, rules: ['drop'] };
  const changes = [
    { kind: 'pod-nft', pods: 'mine', ...drop },
    { kind: 'pod-nft', pods: 'theirs', ...drop },
    { kind: 'nft', node: 'all', ...drop },
    { kind: 'nft', node: other, ...drop },
    { kind: 'endpoints', service: 'web', pods: 'theirs', grace: 0 },
  ];
  const protocol = protocolSchema.parse({
    ...PROTOCOL,
    topology: { ...topology, nodes: [one, other], pods },
    events: changes.map((change) => ({ at: 1, change })),
  });
  const madeOn = (node: string) =>
    eventsOn(node, protocol).map(({ change }) =>
      'pods' in change ? change.pods : 'node' in change && change.node,
    );
  expect([madeOn(one), madeOn(other)]).toEqual([
    ['mine', 'all'],
    ['theirs', 'all', other],
  ]);
});

import { expect, it } from 'vitest';
import { Run } from '../../../src/history/run.ts';
import type { EventOf } from '../../../src/schema/history.ts';
import { changesMade, sayMade } from '../../../src/report/changes-made.ts';
import { HistoryBuilder } from '../judge/history-builder.ts';

const LIBERAL = {
  kind: 'sysctl',
  node: '*',
  name: 'net.netfilter.nf_conntrack_tcp_be_liberal',
  value: 1,
} as const;

function made(
  node: string,
  action: EventOf<'change'>['action'],
  change: EventOf<'change'>['change'] = LIBERAL,
) {
  const [before, after] = action === 'apply' ? [0, 1] : [1, 0];
  return {
    type: 'change',
    cycle: 'be-liberal',
    action,
    change,
    node,
    before,
    after,
    emulated: false,
  } as const;
}

it('a change on several nodes is one, from when it was made to when it was undone', () => {
  const history = new HistoryBuilder()
    .with(made('worker-1', 'apply'))
    .with(made('worker-2', 'apply'))
    .phase('be-liberal', 'fresh')
    .with(made('worker-2', 'undo'))
    .with(made('worker-1', 'undo'));
  const changes = changesMade(new Run(history.over()));
  expect(changes.map(sayMade)).toEqual(['net.netfilter.nf_conntrack_tcp_be_liberal: 0 → 1 on 2 nodes']);
  expect(changes[0]).toMatchObject({ at: 0, undone: 1100, outside: false });
});

it('a change of the machine’s is told from those that end with the lab', () => {
  const history = new HistoryBuilder().with(made('machine', 'apply', { kind: 'limit', add: 3600 }));
  expect(changesMade(new Run(history.over()))).toMatchObject([{ outside: true, undone: undefined }]);
});

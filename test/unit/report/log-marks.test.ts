import { expect, it } from 'vitest';
import { Run } from '../../../src/history/run.ts';
import { logMarks } from '../../../src/report/html/log-marks.ts';
import { HistoryBuilder } from '../judge/history-builder.ts';

const line = (seconds: number, inode: number): string =>
  `[  ${seconds.toFixed(6)}] nf_conntrack: table full in netns ${String(inode)}, dropping packet`;

/** Two labs, whose nodes have the same name, each at a cycle; then the first at another. */
function twoLabs(since?: number): Run {
  const history = new HistoryBuilder({ remedies: ['a', 'b', 'c'] })
    .with({ type: 'namespaces', nodes: { 'worker-1': 11 }, cycle: 'a' })
    .with({ type: 'namespaces', nodes: { 'worker-1': 22 }, cycle: 'b' })
    .phase('a', 'fresh')
    .with({ type: 'namespaces', nodes: { 'worker-1': 11 }, cycle: 'c' })
    .phase('c', 'fresh')
    .with({ type: 'kernel-log', lines: [], ...(since !== undefined && { since }) });
  return new Run(history.over());
}

it('puts a line of the kernel’s log on the run’s clock, with the cycle of the lab that it names', () => {
  const lines = [line(100.5, 11), line(100.6, 22), line(101.6, 11), line(100.7, 33)];
  const marks = logMarks(twoLabs(100), { lines, unattributed: [] });
  expect(marks.map(({ at, cycle }) => [Math.round(at), cycle])).toEqual([
    [500, 'a'],
    [600, 'b'],
    [1600, 'c'],
  ]);
});

it('places no line of a run that did not record the kernel’s clock', () => {
  expect(logMarks(twoLabs(), { lines: [line(100.5, 11)], unattributed: [] })).toEqual([]);
});

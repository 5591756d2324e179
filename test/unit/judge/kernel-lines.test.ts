import { expect, it } from 'vitest';
import { Run } from '../../../src/history/run.ts';
import { kernelLines } from '../../../src/judge/kernel-lines.ts';
import { HistoryBuilder } from './history-builder.ts';

const full = (netns: number): string =>
  `[ 3930.628790] nf_conntrack: nf_conntrack: table full in netns ${String(netns)}, dropping packet`;
const OLD = '[ 3930.628790] nf_conntrack: nf_conntrack: table full, dropping packet';

const lab = (...numbers: readonly number[]) =>
  new HistoryBuilder()
    .with({
      type: 'namespaces',
      nodes: Object.fromEntries(numbers.map((number, i) => [`worker-${String(i + 1)}`, number])),
    })
    .over();

it('keeps the lines that name a namespace of the lab, and none that name another', () => {
  expect(kernelLines([full(11), full(99), full(12)], new Run(lab(11, 12)))).toEqual({
    lines: [full(11), full(12)],
    unattributed: [],
  });
});

it('reads whole numbers: 4026532829 is not 402653282', () => {
  expect(kernelLines([full(4_026_532_829)], new Run(lab(402_653_282))).lines).toEqual([]);
});

it('keeps lines that name no namespace, as possibly another’s', () => {
  const suppressed = '[ 3930.7] net_ratelimit: 12 callbacks suppressed';
  expect(kernelLines([OLD, suppressed], new Run(lab(11)))).toEqual({
    lines: [],
    unattributed: [OLD, suppressed],
  });
});

it('can’t tell whose lines are in a history that knows of no namespace', () => {
  expect(kernelLines([full(99)], new Run(new HistoryBuilder().over()))).toEqual({
    lines: [],
    unattributed: [full(99)],
  });
});

it('knows the namespaces of a history of before from what was measured of its nodes', () => {
  const phase = { cycle: 'symptom', stage: 'fault' } as const;
  const history = new HistoryBuilder()
    .with({ type: 'measured', phase, figures: { netns: 11, 'worker-2.netns': 12, 'dump.ms': 99 } })
    .over();
  expect(kernelLines([full(11), full(12), full(99)], new Run(history)).lines).toEqual([full(11), full(12)]);
});

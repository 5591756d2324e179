import { expect, it } from 'vitest';
import { TimeLeft } from '../../../src/report/time-left.ts';
import type { HistoryEvent } from '../../../src/schema/history.ts';
import { HistoryBuilder, MET, LOSSY } from '../judge/history-builder.ts';

const NAMES = ['raise-max', 'be-liberal', 'placebo'];
const ILL = { ...LOSSY, ms: 2800 };
const WELL = { ...MET, ms: 1600 };

/** A quiet machine: what fails takes 1.2 s longer, the phases follow at once. */
function quietRun(): readonly HistoryEvent[] {
  const builder = new HistoryBuilder({ remedies: NAMES }).symptom(ILL, WELL);
  for (const name of NAMES) builder.remedy(name, name === 'raise-max' ? WELL : ILL, ILL, ILL);
  return builder.over();
}

it('says after the baseline how long the run takes, to 30 %', () => {
  const history = quietRun();
  const [header] = history;
  if (header?.type !== 'run') throw new Error('a history begins with its run');
  const left = new TimeLeft(header);
  const end = history.at(-1)?.t ?? 0;
  const said: number[] = [];
  for (const event of history) {
    left.count(event);
    if (event.type === 'phase' && event.edge === 'end') said.push((left.left ?? NaN) / (end - event.t));
  }
  // The last of them is 0 of 0.
  for (const [i, ratio] of said.slice(0, -1).entries()) {
    expect(ratio, `after phase ${String(i + 1)}`).toBeGreaterThan(0.7);
    expect(ratio, `after phase ${String(i + 1)}`).toBeLessThan(1.3);
  }
});

it('leaves out remedies that are skipped, and says nothing before the baseline has ended', () => {
  const [header, ...events] = new HistoryBuilder({ remedies: NAMES }).phase(
    'symptom',
    'baseline',
    WELL,
  ).events;
  if (header?.type !== 'run') throw new Error('a history begins with its run');
  const left = new TimeLeft(header);
  expect([left.left, left.phases]).toEqual([undefined, 11]);
  for (const event of events) left.count(event);
  const before = left.left ?? NaN;
  left.count({ type: 'not-judged', t: 9, cycle: 'placebo', status: 'skipped', reason: 'needs root' });
  expect(left.left).toBeLessThan(before);
  expect(left.phases).toBe(7);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { stateOf } from '../../../../src/report/live/state.ts';
import { Tallies } from '../../../../src/report/tally.ts';
import { TimeLeft } from '../../../../src/report/time-left.ts';
import type { HistoryEvent } from '../../../../src/schema/history.ts';
import { recordedEventSchema } from '../../../../src/schema/recorded-event.ts';

const RECORDED = join(import.meta.dirname, '../../../fixtures/runs/saturate/history.jsonl.gz');

/** The state of the table under test at the end of a phase of the symptom’s. */
function tableAt(history: readonly HistoryEvent[], stage: string) {
  const [header] = history;
  if (header?.type !== 'run') throw new Error('no header');
  const tallies = new Tallies(header.protocol);
  const left = new TimeLeft(header);
  for (const event of history) {
    const ends = event.type === 'phase' && event.edge === 'end';
    if (ends && event.phase.cycle === 'symptom' && event.phase.stage === stage)
      return stateOf(event.t, { tallies, left, kernel: undefined })
        .phases.find((phase) => phase.stage === stage)
        ?.nodes.find(({ name }) => name === header.protocol.node);
    tallies.count(event);
  }
  return undefined;
}

describe('the live view of a table that ballast fills', () => {
  let history: readonly HistoryEvent[];
  beforeAll(() => {
    history = gunzipSync(readFileSync(RECORDED))
      .toString()
      .trim()
      .split('\n')
      .map((line) => recordedEventSchema.parse(JSON.parse(line)));
  });

  it('shows the last free entries go, and the demand’s that took them', () => {
    const table = tableAt(history, 'fault');
    expect(table).toMatchObject({ taken: 1, dropped: 1800 });
    expect(table?.table).toMatch(/^0 free of 262,144, \+1,[12]\d\d$/);
    const free = table?.free.filter((value) => value !== null) ?? [];
    expect(free[0]).toBeGreaterThan(1100);
    expect(free[0]).toBeLessThanOrEqual(1200);
    expect(free.at(-1)).toBe(0);
  });

  it('shows that there is plenty of room before', () => {
    const table = tableAt(history, 'baseline');
    expect(table?.taken).toBeLessThan(0.02);
    expect(table?.table).toMatch(/^260,\d{3} free of 262,144, \+1,\d{3}$/);
  });
});

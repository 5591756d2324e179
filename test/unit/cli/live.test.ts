import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { LabOptions } from '../../../src/lab/lab.ts';
import { HistoryBuilder, LOSSY } from '../judge/history-builder.ts';
import { Cli, fakeLab, Kept, TOY } from './cli.ts';
import { screenSeen } from '../report/screen-seen.ts';

/** The first half of a phase: a block is on the screen then. */
function underWay({ sink }: LabOptions): void {
  const [, ...events] = new HistoryBuilder().phase('symptom', 'fault', LOSSY).events;
  // After the baseline, or nothing is drawn anew.
  for (const event of events.slice(0, 10)) sink({ ...event, t: event.t + 2000 });
}

/** The lines on a terminal after Ctrl-C in the middle of a phase. @param drawn what is on the screen by then */
async function interrupted(drawn: RegExp, ...words: readonly string[]): Promise<readonly string[]> {
  const stderr = Object.assign(new Kept(), { isTTY: true, columns: 80, rows: 24 });
  using tablefull = new Cli((cli) => ({
    stderr,
    scenarios: [TOY],
    labs: [
      fakeLab(async (deed, options) => {
        if (deed !== 'symptom fault') return;
        underWay(options);
        await vi.waitFor(() => {
          expect(stderr.text).toMatch(drawn);
        });
        cli.signals.emit('SIGINT', 'SIGINT');
      }),
    ],
  }));
  await tablefull.run(...words, '--out', join(tablefull.folder, 'run'));

  return screenSeen(stderr.text);
}

describe('after Ctrl-C in the middle of a phase', () => {
  it('a run leaves the line about the signal on the terminal, and nothing of the live view', async () => {
    const lines = await interrupted(/symptom fault/, 'run', 'toy');
    expect(lines.filter((line) => line.startsWith('SIGINT: taking the lab down'))).toHaveLength(1);
    expect(lines.filter((line) => /^symptom fault|░/.test(line))).toEqual([]);
  });

  it('a matrix does so too', async () => {
    const lines = await interrupted(/of 8 phases/, 'matrix', '--quick', '--jobs', '1');
    expect(lines.filter((line) => line.startsWith('SIGINT: taking the lab down'))).toHaveLength(1);
    expect(lines.filter((line) => /^toy {2}|^\d of \d runs/.test(line))).toEqual([]);
  });
});

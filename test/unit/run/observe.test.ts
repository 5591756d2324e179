import { expect, test } from 'vitest';
import type { Slower } from '../../../src/judge/doubt.ts';
import type { Lab } from '../../../src/lab/lab.ts';
import { observe, RETRIES_FOR_ALL, type Paced } from '../../../src/run/observe.ts';

const PHASE = { cycle: 'symptom', stage: 'confirm' } as const;

/** The paces at which a phase is observed that is never valid, and the pace of what follows. */
async function observed(
  slower: Slower,
  most?: typeof RETRIES_FOR_ALL,
): Promise<{ readonly paces: readonly number[]; readonly next: number }> {
  const paces: number[] = [];
  const lab = {
    phase: (_, { pace }) => {
      paces.push(pace);
      return Promise.resolve();
    },
    clear: () => Promise.resolve(),
  } as Partial<Lab> as Lab;
  const pacing = {
    pace: 1,
    half: (pace: number) => 2 * pace,
    keep(pace: number) {
      this.pace = pace;
    },
  };
  const context = {
    whyRetry: () => ({ reason: 'starved', slower }),
    note: () => undefined,
    pause: () => Promise.resolve(),
    slack: () => 0,
    pacing,
  } as unknown as Paced;
  await observe(lab, PHASE, context, most);
  return { paces, next: pacing.pace };
}

test('an invalid phase is observed four times, and where the machine was too slow at half the pace twice', async () => {
  expect(await observed('no')).toEqual({ paces: [1, 1, 1, 1], next: 1 });
  expect(await observed('all-phases')).toEqual({ paces: [1, 2, 4], next: 4 });
});

test('what the phase itself may have caused is seen again at half the pace, and nothing else gets slower', async () => {
  expect(await observed('this-phase')).toEqual({ paces: [1, 2, 4], next: 1 });
  expect(await observed('once')).toEqual({ paces: [1, 2], next: 1 });
});

test('a phase that all remedies depend on has twice as many chances', async () => {
  expect(await observed('no', RETRIES_FOR_ALL)).toEqual({ paces: [1, 1, 1, 1, 1, 1, 1], next: 1 });
  expect(await observed('all-phases', RETRIES_FOR_ALL)).toEqual({ paces: [1, 2, 4, 8, 16], next: 16 });
  expect(await observed('once', RETRIES_FOR_ALL)).toEqual({ paces: [1, 2, 4], next: 1 });
});

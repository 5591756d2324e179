import { expect, test } from 'vitest';
import type { Lab } from '../../../src/lab/lab.ts';
import { observe, RETRIES_FOR_ALL, type Paced } from '../../../src/run/observe.ts';

const PHASE = { cycle: 'symptom', stage: 'confirm' } as const;

/** How often a phase is observed that is never valid, and how often the pace is halved. */
async function observed(
  tooFast: boolean,
  most?: typeof RETRIES_FOR_ALL,
): Promise<{ readonly phases: number; readonly halved: number }> {
  let [phases, halved] = [0, 0];
  const lab = {
    phase: () => {
      phases++;
      return Promise.resolve();
    },
    clear: () => Promise.resolve(),
  } as Partial<Lab> as Lab;
  const pacing = {
    pace: 1,
    halve: () => {
      halved++;
    },
  };
  const context = {
    whyRetry: () => ({ reason: 'starved', tooFast }),
    note: () => undefined,
    pause: () => Promise.resolve(),
    slack: () => 0,
    pacing,
  } as unknown as Paced;
  await observe(lab, PHASE, context, new AbortController().signal, most);
  return { phases, halved };
}

test('an invalid phase is observed four times, and where the machine was too slow at half the pace twice', async () => {
  expect(await observed(false)).toEqual({ phases: 4, halved: 0 });
  expect(await observed(true)).toEqual({ phases: 3, halved: 2 });
});

test('a phase that all remedies depend on has twice as many chances', async () => {
  expect(await observed(false, RETRIES_FOR_ALL)).toEqual({ phases: 7, halved: 0 });
  expect(await observed(true, RETRIES_FOR_ALL)).toEqual({ phases: 5, halved: 4 });
});

import { expect, it } from 'vitest';
import { openLoop } from '../../../src/load/schedule.ts';

/** In how many turns of the event loop three operations start that are due. */
async function turns(perTurn?: number): Promise<number> {
  let turn = 0;
  const counting = new AbortController();
  const count = (): void => {
    turn++;
    if (!counting.signal.aborted) setImmediate(count);
  };
  setImmediate(count);
  const started: number[] = [];
  await openLoop(
    [0, 0, 0],
    () => 1,
    () => started.push(turn),
    AbortSignal.timeout(5_000),
    perTurn,
  );
  counting.abort();
  expect(started).toHaveLength(3);
  return new Set(started).size;
}

it('an open loop starts at once what is due at once', async () => {
  expect(await turns()).toBe(1);
});

it('a late open loop lets the servers of its thread read between operations where it is told to', async () => {
  expect(await turns(1)).toBe(3);
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LockRefused } from '../../../src/guard/flock.ts';
import { dryLock } from '../../../src/lab/dry/dry-lock.ts';
import { LimitHold } from '../../../src/lab/limit-hold.ts';
import { Turns } from '../../../src/lab/turns.ts';
import type { LimitLock } from '../../../src/lab/machine-lock.ts';
import { NEVER } from '../support/never.ts';

/** The labs of one process, with a machine lock that refuses after its wait, like flock(1). */
function labs({ heldElsewhere = false } = {}) {
  const log: string[] = [];
  let holders = 0;
  const release = (): Promise<void> => {
    holders--;
    return Promise.resolve();
  };
  const taking =
    (mode: string) =>
    async (_: AbortSignal, { waitMs }: { waitMs: number }): Promise<void> => {
      log.push(`lock: ${mode}`);
      const free = (): boolean => !heldElsewhere && (mode === 'shared' || holders === 0);
      for (let waited = 0; !free(); waited += 1000) {
        if (waited >= waitMs) throw new LockRefused(waitMs);
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
      holders++;
    };
  const lock: LimitLock = {
    ...dryLock(() => undefined),
    shared: async (signal, wait) => {
      await taking('shared')(signal, wait);
      return { [Symbol.asyncDispose]: release };
    },
    exclusive: async (signal, wait) => {
      await taking('exclusive')(signal, wait);
      const hold = await dryLock(() => undefined).exclusive(signal, wait);
      return {
        ...hold,
        restore: async () => {
          await release();
          return hold.restore();
        },
      };
    },
    holders: () => ['10: tablefull run saturate'],
  };
  const turns = new Turns();
  const take = (exclusive: boolean, throughout = false, signal = NEVER): Promise<LimitHold> =>
    LimitHold.take({ exclusive, throughout, say: (line) => log.push(line), lock, turns }, signal);
  return { take, log, lock };
}

describe('a hold on the machine’s limit', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is waited for as long as another lab of the same process needs for its cycle', async () => {
    const { take, log } = labs();
    const first = await take(false);
    const changing = take(true);
    const outcome = vi.fn();
    changing.then(() => {
      outcome('held');
    }, outcome);
    // A cycle of time-wait with relief=wait takes at least 207 s.
    await vi.advanceTimersByTimeAsync(207_000);
    expect(outcome).not.toHaveBeenCalled();
    expect(log).toEqual(['lock: shared']);
    await first.release();
    await vi.advanceTimersByTimeAsync(0);
    expect(outcome).toHaveBeenCalledExactlyOnceWith('held');
    expect(log).toEqual(['lock: shared', 'lock: exclusive']);
  });

  it('is not waited for without end where another process has it, which is said', async () => {
    const { take, log } = labs({ heldElsewhere: true });
    const refused = expect(take(true)).rejects.toThrow(
      /^the conntrack limit is locked by another run.* when it has ended \(this run will change it\)$/,
    );
    await vi.advanceTimersByTimeAsync(2_000);
    expect(log).toEqual([
      'lock: exclusive',
      'waiting for process 10: tablefull run saturate: it holds the conntrack limit, and this run will change it; for at most 1m',
    ]);
    await vi.advanceTimersByTimeAsync(60_000);
    await refused;
    // The turn has ended, so the next lab asks for the lock.
    const next = expect(take(true)).rejects.toThrow('another run');
    await vi.advanceTimersByTimeAsync(0);
    expect(log.filter((line) => line === 'lock: exclusive')).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(72_000);
    await next;
  });

  it('is explained to a run that changes nothing: its tables have the machine’s maximum', async () => {
    const { take, log } = labs({ heldElsewhere: true });
    const why = 'this run changes nothing on the machine, but its tables depend on that limit';
    const refused = expect(take(false)).rejects.toThrow(`(${why})`);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(log.at(-1)).toBe(
      `waiting for process 10: tablefull run saturate: it changes the conntrack limit, and ${why}; for at most 1m`,
    );
    await vi.advanceTimersByTimeAsync(60_000);
    await refused;
  });

  it('is waited for as long as the user asks', async () => {
    const { lock, log } = labs({ heldElsewhere: true });
    const say = (line: string): number => log.push(line);
    const asking = { exclusive: true, say, lock, turns: new Turns(), waitMs: 600_000 };
    const refused = expect(LimitHold.take(asking, NEVER)).rejects.toThrow('gave up after 600 s');
    await vi.advanceTimersByTimeAsync(590_000);
    expect(log.at(-1)).toContain('for at most 10m');
    await vi.advanceTimersByTimeAsync(12_000);
    await refused;
  });

  it('is next where it is for a whole run, though others go on relying on the limit', async () => {
    const { take, log } = labs();
    const first = await take(false);
    const whole = take(true, true);
    const later = take(false);
    await first.release();
    await vi.advanceTimersByTimeAsync(0);
    expect(log).toEqual(['lock: shared', 'lock: exclusive']);
    await (await whole).release();
    await vi.advanceTimersByTimeAsync(0);
    await (await later).release();
  });

  it('is no longer waited for once the run is interrupted', async () => {
    const { take } = labs();
    const first = await take(false);
    const interrupted = new AbortController();
    const changing = take(true, false, interrupted.signal);
    interrupted.abort(new Error('SIGINT'));
    await expect(changing).rejects.toThrow('SIGINT');
    await first.release();
    await vi.advanceTimersByTimeAsync(0);
    await (await take(true)).release();
  });
});

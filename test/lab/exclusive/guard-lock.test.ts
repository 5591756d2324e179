import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  changeAwaited,
  flockArguments,
  holdLock,
  LOCK_REFUSED,
  lockHolders,
} from '../../../src/guard/flock.ts';
import { acquireShared } from '../../../src/guard/limit-lock.ts';
import { NEVER } from '../../unit/support/never.ts';

const waitMs = 60_000;
const AN_HOUR = 3_600_000;

/** Whether the lock is free: tries to lock at once, as this user or as nobody. */
async function isFree(mode: 'shared' | 'exclusive', asNobody = false): Promise<boolean> {
  const nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];
  const command = [...(asNobody ? nobody : []), 'flock', ...flockArguments(mode, 0), 'true'];
  const { exitCode } = await execa(command[0] ?? '', command.slice(1), { reject: false });
  expect([0, LOCK_REFUSED]).toContain(exitCode);
  return exitCode === 0;
}

/** Takes locks that the test's end gives back, also those that a failed test still holds or awaits. */
function taker(): { change: () => Promise<AsyncDisposable>; rely: () => Promise<AsyncDisposable> } {
  const over = new AbortController();
  const all: Promise<AsyncDisposable>[] = [];
  onTestFinished(async () => {
    over.abort(new Error('the test is over'));
    for (const taken of await Promise.allSettled(all))
      if (taken.status === 'fulfilled') await taken.value[Symbol.asyncDispose]();
  });
  const add = (lock: Promise<AsyncDisposable>): Promise<AsyncDisposable> => {
    all.push(lock);
    return lock;
  };
  return {
    change: () => add(holdLock('exclusive', over.signal, waitMs)),
    rely: () => add(acquireShared(over.signal, { waitMs })),
  };
}

const isRoot = process.getuid?.() === 0;

describe('the lock on the conntrack limit', { timeout: 90_000 }, () => {
  it('the limit’s lock lets only one run change the limit, and names the process that the second waits for', async () => {
    await using _ = await holdLock('exclusive', NEVER, waitMs);
    await expect(holdLock('exclusive', NEVER, 100)).rejects.toThrow(
      /^the conntrack limit is locked by another run \(process \d+: .+\); gave up after 0\.1 s: try again when it has ended$/,
    );
  });

  it('the limit’s lock lets any number of runs rely on the limit together, and none change it meanwhile', async () => {
    await using _first = await acquireShared(NEVER, { waitMs });
    await using _second = await acquireShared(NEVER, { waitMs });
    expect(await isFree('exclusive')).toBe(false);
  });

  it('the limit’s lock names a run once that holds it for two labs', async () => {
    await using _first = await acquireShared(NEVER, { waitMs });
    await using _second = await acquireShared(NEVER, { waitMs });
    expect(lockHolders().filter((holder) => holder.startsWith(`${String(process.pid)}: `))).toHaveLength(1);
  });

  it('a run that waits to change the limit comes before those that rely on it later, however many come', async () => {
    const take = taker();
    const order: string[] = [];
    const took = async (what: string, taking: Promise<AsyncDisposable>): Promise<AsyncDisposable> => {
      const lock = await taking;
      order.push(what);
      return lock;
    };
    const first = await take.rely();
    const change = took('change', take.change());
    await expect.poll(changeAwaited).toBe(true);
    const later = [1, 2, 3].map((n) => took(`rely ${String(n)}`, take.rely()));
    // Longer than a lock takes that is free to rely on.
    await delay(500);
    expect(order).toEqual([]);
    await first[Symbol.asyncDispose]();
    await (await change)[Symbol.asyncDispose]();
    for (const lock of await Promise.all(later)) await lock[Symbol.asyncDispose]();
    expect(order[0]).toBe('change');
    expect(order).toHaveLength(4);
  });

  it('a run that waits to change the limit is seen behind one that waits to rely on it', async () => {
    const take = taker();
    const change = await take.change();
    const rely = take.rely();
    await expect.poll(() => readFileSync('/proc/locks', 'utf8')).toMatch(/-> FLOCK .* READ /);
    const next = take.change();
    await expect.poll(changeAwaited).toBe(true);
    expect(lockHolders('shared')).toHaveLength(1);
    await change[Symbol.asyncDispose]();
    await (await rely)[Symbol.asyncDispose]();
    await next;
  });

  it('those who rely on the limit wait for half of their time at most for one that can’t get its turn', async () => {
    await using _first = await acquireShared(NEVER, { waitMs });
    const ended = new AbortController();
    const change = holdLock('exclusive', ended.signal, waitMs);
    await expect.poll(changeAwaited).toBe(true);
    await using _second = await acquireShared(NEVER, { waitMs: 1_000 });
    expect(changeAwaited()).toBe(true);
    ended.abort(new Error('over'));
    await expect(change).rejects.toThrow('over');
  });

  it('the limit’s lock makes a run that relies on the limit wait until it is no longer being changed', async () => {
    const change = await holdLock('exclusive', NEVER, waitMs);
    let held = false;
    const waiting = acquireShared(NEVER, { waitMs }).then((lock) => {
      held = true;
      return lock;
    });
    expect(await isFree('shared')).toBe(false);
    expect(held).toBe(false);
    await change[Symbol.asyncDispose]();
    await using _ = await waiting;
    expect(held).toBe(true);
  });

  it.skipIf(!isRoot)(
    'the limit’s lock is the same for root and for an unprivileged user (needs root to be both)',
    async () => {
      {
        await using _ = await holdLock('shared', NEVER, waitMs);
        expect(await isFree('exclusive', true)).toBe(false);
      }
      await using _ = await holdLock('exclusive', NEVER, waitMs);
      expect(await isFree('shared', true)).toBe(false);
    },
  );

  it('an abort ends the wait for the limit’s lock at once, with its reason', async () => {
    await using _ = await holdLock('exclusive', NEVER, waitMs);
    const abort = new AbortController();
    const waiting = acquireShared(abort.signal, { waitMs: AN_HOUR });
    abort.abort(new Error('Ctrl-C'));
    await expect(waiting).rejects.toThrow('Ctrl-C');
    await expect(acquireShared(abort.signal, { waitMs })).rejects.toThrow('Ctrl-C');
  });

  it('an abort after the limit’s lock was acquired keeps it, so that cleaning up is still safe', async () => {
    const abort = new AbortController();
    await using _ = await holdLock('exclusive', abort.signal, waitMs);
    abort.abort();
    expect(await isFree('shared')).toBe(false);
  });

  it('the limit’s lock is free the moment its holder is killed', async () => {
    const entry = new URL('../../../src/guard/flock.ts', import.meta.url).href;
    const script = `
      const { holdLock } = await import(${JSON.stringify(entry)});
      await holdLock('exclusive', new AbortController().signal, ${waitMs});
      console.log('held');`;
    const run = execa(process.execPath, ['--input-type=module', '--eval', script], { reject: false });
    await once(run.stdout, 'data');
    run.kill('SIGKILL');
    await run;
    await using _ = await holdLock('exclusive', NEVER, 5_000);
  });
});

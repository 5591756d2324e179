import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScheduledChanges } from '../../../src/agent/scheduled-changes.ts';
import type { Immediate } from '../../../src/change/index.ts';

const icmp: Immediate = {
  kind: 'sysctl',
  node: 'worker-1',
  name: 'net.netfilter.nf_conntrack_icmp_timeout',
  value: 31,
};
const udp: Immediate = { ...icmp, name: 'net.netfilter.nf_conntrack_udp_timeout' };

describe('what happens in the middle of a phase', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Scheduled changes that log what is made and undone. */
  function recorded(always: ConstructorParameters<typeof ScheduledChanges>[0]) {
    const log: string[] = [];
    const events = new ScheduledChanges(always, (change, cycle) => {
      const name = change.kind === 'sysctl' ? change.name.split('_').at(-2) : change.kind;
      if (name === undefined) return Promise.reject(new Error('no'));
      log.push(`${cycle}: make ${name}`);
      return Promise.resolve({
        undo: () => {
          log.push(`${cycle}: undo ${name}`);
          return Promise.resolve();
        },
      });
    });
    return { events, log };
  }

  it('is made in its time, and undone in reverse when the phase is over', async () => {
    const { events, log } = recorded([
      { at: 1, change: icmp },
      { at: 2, change: udp },
    ]);
    {
      await using running = events.begin('symptom');
      running.start();
      await vi.advanceTimersByTimeAsync(999);
      expect(log).toEqual([]);
      await vi.advanceTimersByTimeAsync(1);
      expect(log).toEqual(['symptom: make icmp']);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(log).toEqual([
      'symptom: make icmp',
      'symptom: make udp',
      'symptom: undo udp',
      'symptom: undo icmp',
    ]);
  });

  it('tells when all of it has happened', async () => {
    const { events } = recorded([
      { at: 1, change: icmp },
      { at: 2, change: udp },
    ]);
    const seen = vi.fn();
    await using running = events.begin('symptom');
    running.start();
    void running.made.then(seen);
    await vi.advanceTimersByTimeAsync(1500);
    expect(seen).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(500);
    expect(seen).toHaveBeenCalledOnce();
    await using nothing = recorded([]).events.begin('symptom');
    await nothing.made;
  });

  it('is undone in its time where it has an end, and not once more when the phase is over', async () => {
    const { events, log } = recorded([
      { at: 0, until: 2, change: icmp },
      { at: 1, until: 5, change: udp },
    ]);
    const seen = vi.fn();
    {
      await using running = events.begin('symptom', 2);
      running.start();
      void running.made.then(seen);
      await vi.advanceTimersByTimeAsync(4000);
      expect(log).toEqual(['symptom: make icmp', 'symptom: make udp', 'symptom: undo icmp']);
      expect(seen).not.toHaveBeenCalled();
    }
    expect(log.slice(3)).toEqual(['symptom: undo udp']);
  });

  it('at 0 is made first, however long it takes, and the time of the others counts from then', async () => {
    const log: string[] = [];
    const events = new ScheduledChanges(
      [
        { at: 0, change: icmp },
        { at: 1, change: udp },
      ],
      async (change) => {
        if (change === icmp) await new Promise((resolve) => setTimeout(resolve, 3000));
        log.push(change === icmp ? 'icmp' : 'udp');
        return { undo: () => Promise.resolve() };
      },
    );
    await using running = events.begin('symptom');
    running.start();
    void running.ready.then(() => log.push('ready'));
    await vi.advanceTimersByTimeAsync(3999);
    expect(log).toEqual(['icmp', 'ready']);
    await vi.advanceTimersByTimeAsync(1);
    expect(log).toEqual(['icmp', 'ready', 'udp']);
  });

  it('after 0 counts its time from the start of the demand, whenever the changes at 0 were made', async () => {
    const { events, log } = recorded([
      { at: 0, change: icmp },
      { at: 1, change: udp },
    ]);
    await using running = events.begin('symptom');
    await vi.advanceTimersByTimeAsync(5000);
    expect(log).toEqual(['symptom: make icmp']);
    running.start();
    await vi.advanceTimersByTimeAsync(999);
    expect(log).toEqual(['symptom: make icmp']);
    await vi.advanceTimersByTimeAsync(1);
    expect(log).toEqual(['symptom: make icmp', 'symptom: make udp']);
  });

  it('is rehearsed with its end', async () => {
    const { events, log } = recorded([{ at: 0, until: 2, change: icmp }]);
    const times: number[] = [];
    await events.rehearse('symptom', (at) => times.push(at));
    expect([times, log]).toEqual([
      [0, 2],
      ['symptom: make icmp', 'symptom: undo icmp'],
    ]);
  });

  it('is not made where the phase is over before', async () => {
    const { events, log } = recorded([{ at: 1, change: icmp }]);
    const running = events.begin('symptom');
    running.start();
    await running[Symbol.asyncDispose]();
    await vi.advanceTimersByTimeAsync(2000);
    expect(log).toEqual([]);
  });

  it('is not begun once the phase is stopped, though the one before was still being made', async () => {
    const log: string[] = [];
    const slow = Promise.withResolvers<undefined>();
    const events = new ScheduledChanges(
      [
        { at: 1, change: icmp },
        { at: 2, change: udp },
      ],
      async (change) => {
        log.push(change === icmp ? 'make icmp' : 'make udp');
        await slow.promise;
        return { undo: () => Promise.resolve(log.push('undo')) };
      },
    );
    {
      await using running = events.begin('symptom');
      running.start();
      await vi.advanceTimersByTimeAsync(2000);
      running.stop();
      slow.resolve(undefined);
    }
    expect(log).toEqual(['make icmp', 'undo']);
  });

  it('is made in every phase from when it is scheduled until it is undone', async () => {
    const { events, log } = recorded([]);
    const scheduled = await events.schedule({ at: 1, change: icmp });
    for (const cycle of ['symptom', 'placebo']) {
      await using running = events.begin(cycle);
      running.start();
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(log.filter((line) => line.includes('make'))).toEqual(['symptom: make icmp', 'placebo: make icmp']);
    expect(await scheduled.undo()).toEqual([
      { node: 'lab', before: { scheduled: 1 }, after: 'not scheduled' },
    ]);
    await using running = events.begin('boom');
    running.start();
    await vi.advanceTimersByTimeAsync(1000);
    expect(log.some((line) => line.startsWith('boom'))).toBe(false);
  });

  it('breaks the phase off where it can’t be made', async () => {
    const events = new ScheduledChanges([{ at: 1, change: icmp }], () =>
      Promise.reject(new Error('no such sysctl')),
    );
    await using running = events.begin('symptom');
    running.start();
    await vi.advanceTimersByTimeAsync(1000);
    await expect(running.made).rejects.toEqual(new Error('no such sysctl'));
  });

  it('breaks the phase off before its demand where it can’t be made at 0', async () => {
    const refused = new Error('no such sysctl');
    const events = new ScheduledChanges([{ at: 0, change: icmp }], () => Promise.reject(refused));
    await using running = events.begin('symptom');
    running.start();
    await expect(running.ready).rejects.toBe(refused);
    await expect(running.made).rejects.toBe(refused);
  });
});

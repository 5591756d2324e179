import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ScheduledChanges } from '../../../src/agent/scheduled-changes.ts';
import { together } from '../../../src/util/settled.ts';
import { PhaseScope } from '../../../src/agent/phase-scope.ts';

/** A phase with a sampler, a held connection and a scheduled change, and a log of their ends. */
function begun({ lastSample }: { lastSample?: Error } = {}) {
  const log: string[] = [];
  const scope = new PhaseScope();
  scope.sample({
    [Symbol.asyncDispose]: () => {
      log.push('sampler stopped');
      return lastSample === undefined ? Promise.resolve() : Promise.reject(lastSample);
    },
  });
  void scope.schedule({
    ready: Promise.resolve(),
    start: () => void log.push('timers started'),
    stop: () => undefined,
    made: Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(void log.push('scheduled change undone')),
  });
  scope.held.defer(() => log.push('connection closed'));
  return { scope, log };
}

const unreadable = new Error('kube-proxy’s metrics did not come');

describe('the scope of a phase on an agent', () => {
  it('ends with what is observed while connections are open and scheduled changes stand', async () => {
    const { scope, log } = begun();
    await scope.end([() => log.push('totals')]);
    expect(log).toEqual(['sampler stopped', 'totals', 'connection closed', 'scheduled change undone']);
  });

  it('closes connections and undoes scheduled changes where the totals can’t be read', async () => {
    const { scope, log } = begun();
    const ending = scope.end([() => Promise.reject(unreadable), () => log.push('inspected')]);
    await expect(ending).rejects.toBe(unreadable);
    expect(log).toEqual(['sampler stopped', 'inspected', 'connection closed', 'scheduled change undone']);
  });

  it('closes connections and undoes scheduled changes where the last sample fails', async () => {
    const { scope, log } = begun({ lastSample: new Error('no such table') });
    await expect(scope.end([])).rejects.toThrow('no such table');
    expect(log).toEqual(['sampler stopped', 'connection closed', 'scheduled change undone']);
  });

  it('names every failure of an end', async () => {
    const { scope } = begun({ lastSample: new Error('no such table') });
    await expect(scope.end([() => Promise.reject(unreadable)])).rejects.toThrow(
      'no such table; kube-proxy’s metrics did not come',
    );
  });

  it('ends once, however often it is ended', async () => {
    const { scope, log } = begun();
    await scope.end([]);
    await scope.abandon();
    expect(log).toEqual(['sampler stopped', 'connection closed', 'scheduled change undone']);
  });

  it('stops the load when it is abandoned, and waits until the load has ended', async () => {
    const { scope, log } = begun();
    const load = Promise.withResolvers<undefined>();
    scope.stop.signal.addEventListener('abort', () => log.push('load told to stop'));
    const offer = scope.running(load.promise.finally(() => log.push('load ended')));
    const abandoned = scope.abandon();
    await Promise.resolve();
    expect(log).toEqual(['load told to stop']);
    load.reject(new Error('stopped'));
    await expect(offer).rejects.toThrow('stopped');
    await abandoned;
    expect(log).toEqual([
      'load told to stop',
      'load ended',
      'sampler stopped',
      'connection closed',
      'scheduled change undone',
    ]);
  });

  it('has the time of scheduled changes begin with the demand, where there are any', () => {
    const { scope, log } = begun();
    scope.startScheduled();
    expect(log).toEqual(['timers started']);
    expect(() => {
      new PhaseScope().startScheduled();
    }).not.toThrow();
  });

  it('undoes every scheduled change, also after one that can’t be undone', async () => {
    const undone: number[] = [];
    const changes = [1, 2].map((at) => ({ at: 0, change: { kind: 'limit', add: at } as const }));
    const events = new ScheduledChanges(changes, (change) =>
      Promise.resolve({
        undo: () => {
          if (change.kind === 'limit') undone.push(change.add);
          return undone.length === 1 ? Promise.reject(new Error('refused')) : Promise.resolve();
        },
      }),
    );
    const scope = new PhaseScope();
    void scope.schedule(events.begin('symptom'));
    await scope.scheduled;
    await expect(scope.end([])).rejects.toThrow('refused');
    expect(undone).toEqual([2, 1]);
  });

  it('waits for no scheduled change once the load has failed, and begins none', async () => {
    const made: number[] = [];
    const changes = [0.05, 3600].map((at) => ({ at, change: { kind: 'limit', add: 1 } as const }));
    const events = new ScheduledChanges(changes, () => {
      made.push(1);
      return Promise.resolve({ undo: () => Promise.resolve() });
    });
    const scope = new PhaseScope();
    await scope.schedule(events.begin('symptom'));
    scope.startScheduled();
    const failed = new Error('no such pod');
    await expect(together([Promise.reject(failed), scope.scheduled], scope.stop)).rejects.toBe(failed);
    await delay(100);
    expect(made).toEqual([]);
    await scope.end([]);
  });
});

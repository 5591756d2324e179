import { describe, expect, it } from 'vitest';
import { AppliedChanges } from '../../../src/agent/applied-changes.ts';
import type { Done } from '../../../src/change/done.ts';
import { isNotRestored } from '../../../src/util/not-restored.ts';
import type { Change } from '../../../src/change/index.ts';

const LIMIT: Change = { kind: 'limit', add: 1 };

/** An agent's changes with a log; while `stuck`, undos fail. */
function changes() {
  const log: string[] = [];
  const state = { stuck: false };
  const done: Done = {
    readings: [{ node: 'worker-1', before: 0, after: 1 }],
    undo: () => {
      log.push(state.stuck ? 'undo failed' : 'undone');
      return state.stuck
        ? Promise.reject(new Error('found "0", now "1"'))
        : Promise.resolve([{ node: 'worker-1', before: 1, after: 0 }]);
    },
  };
  const gate = Promise.withResolvers<undefined>();
  const apply = async (change: Change): Promise<Done> => {
    if (change.kind === 'flush') await gate.promise;
    return done;
  };
  const applied = new AppliedChanges(apply, [{ at: 0, change: { kind: 'limit', add: 2 } }], ({ action }) => {
    log.push(`recorded ${action}`);
  });
  return { applied, log, state, gate };
}

describe('a change that an agent has applied', () => {
  it('is recorded when it is made and when it is undone', async () => {
    const { applied, log } = changes();
    await applied.undo(await applied.apply(LIMIT, 'raise-max'));
    expect(log).toEqual(['recorded apply', 'undone', 'recorded undo']);
    await expect(applied.undo(1)).rejects.toThrow('change 1 is not applied');
  });

  it('still stands where its undo fails, and is undone again when the agent goes down', async () => {
    const { applied, log, state } = changes();
    const id = await applied.apply(LIMIT, 'raise-max');
    state.stuck = true;
    const failure: unknown = await applied.undo(id).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: 'not restored: found "0", now "1"' });
    expect(isNotRestored(failure)).toBe(true);
    await expect(applied.undoAll()).rejects.toThrow('not restored: found "0", now "1"');
    state.stuck = false;
    await applied.undoAll();
    expect(log).toEqual(['recorded apply', 'undo failed', 'undo failed', 'undone', 'recorded undo']);
    await applied.undoAll();
    expect(log).toHaveLength(5);
  });

  it('is undone when the agent goes down while it is being made', async () => {
    const { applied, log, gate } = changes();
    const applying = applied.apply({ kind: 'flush', node: 'all' }, 'flush');
    const down = applied.undoAll();
    gate.resolve(undefined);
    await Promise.all([applying, down]);
    expect(log).toEqual(['recorded apply', 'undone', 'recorded undo']);
  });

  it('is tried again when the agent goes down where it was scheduled and its undo failed with the phase', async () => {
    const { applied, log, state } = changes();
    const scheduled = applied.scheduled.begin('symptom');
    await scheduled.made;
    state.stuck = true;
    await expect(scheduled[Symbol.asyncDispose]()).rejects.toThrow('not restored');
    state.stuck = false;
    await applied.undoAll();
    expect(log).toEqual(['recorded apply', 'undo failed', 'undone', 'recorded undo']);
  });
});

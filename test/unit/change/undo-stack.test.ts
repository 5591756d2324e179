import { describe, expect, it } from 'vitest';
import { isNotRestored, retryOf } from '../../../src/util/not-restored.ts';
import { allOrNone, UndoStack } from '../../../src/change/undo-stack.ts';

describe('an undo stack', () => {
  it('undoes the latest first, and each once', async () => {
    const log: number[] = [];
    const stack = new UndoStack();
    for (const n of [1, 2, 3]) stack.defer(() => log.push(n));
    await Promise.all([stack.undo(), stack.undo()]);
    expect(log).toEqual([3, 2, 1]);
  });

  it('goes on after an undo that fails, says what is not restored, and tries only that again', async () => {
    const log: string[] = [];
    let refusing = true;
    const stack = new UndoStack();
    stack.defer(() => log.push('first'));
    stack.defer(() => {
      log.push('second');
      if (refusing) throw new Error('found 0, now 1');
    });
    stack.defer(() => log.push('third'));
    const failure: unknown = await stack.undo().catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: 'not restored: found 0, now 1' });
    expect(isNotRestored(failure)).toBe(true);
    refusing = false;
    await stack.undo();
    expect(log).toEqual(['third', 'second', 'first', 'second']);
  });

  it('names each undo that fails', async () => {
    const stack = new UndoStack();
    for (const name of ['a', 'b']) stack.defer(() => Promise.reject(new Error(`${name} refuses`)));
    await expect(stack.undo()).rejects.toThrow('not restored: b refuses; not restored: a refuses');
  });
});

describe('all or none of several parts', () => {
  it('gives back what was made, and how to undo it', async () => {
    const log: string[] = [];
    const { made, undo } = await allOrNone((stack) => {
      stack.defer(() => log.push('undone'));
      return Promise.resolve('made');
    });
    expect([made, log]).toEqual(['made', []]);
    await undo();
    expect(log).toEqual(['undone']);
  });

  it('undoes the parts that were made where one can’t be, and throws why it can’t', async () => {
    const log: string[] = [];
    const refusal = new Error('worker-2 refuses');
    const making = allOrNone(async (stack) => {
      stack.defer(() => log.push('worker-1 undone'));
      return Promise.reject(refusal);
    });
    await expect(making).rejects.toBe(refusal);
    expect(log).toEqual(['worker-1 undone']);
  });

  it('says what is not restored where a part can’t be undone, and can be asked to try again', async () => {
    let refusing = true;
    const making = allOrNone((stack) => {
      stack.defer(() => {
        if (refusing) throw new Error('found 0, now 1');
      });
      return Promise.reject(new Error('worker-2 refuses'));
    });
    const failure: unknown = await making.catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: 'worker-2 refuses; not restored: found 0, now 1' });
    expect(isNotRestored(failure)).toBe(true);
    const retry = retryOf(failure);
    await expect(retry?.()).rejects.toThrow('not restored');
    refusing = false;
    await retry?.();
  });
});

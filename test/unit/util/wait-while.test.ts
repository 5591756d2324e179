import { describe, expect, it } from 'vitest';
import { waitWhile } from '../../../src/util/wait-while.ts';

describe('a wait while something is so', () => {
  it('ends when it is so no longer, at once where it never was', async () => {
    let looks = 0;
    expect(await waitWhile(() => ++looks < 3, { withinMs: 5_000, everyMs: 1 })).toBe(true);
    expect(looks).toBe(3);
    expect(await waitWhile(() => false, { withinMs: 0, everyMs: 60_000 })).toBe(true);
  });

  it('ends without an error where it is still so after the time', async () => {
    expect(await waitWhile(() => true, { withinMs: 5, everyMs: 1 })).toBe(false);
    expect(await waitWhile(() => true, { withinMs: 0, everyMs: 60_000 })).toBe(false);
  });

  it('is broken off by the signal, for its reason', async () => {
    const over = new AbortController();
    const waiting = waitWhile(() => true, { withinMs: 5_000, everyMs: 1, signal: over.signal });
    over.abort(new Error('interrupted'));
    await expect(waiting).rejects.toThrow('interrupted');
  });
});

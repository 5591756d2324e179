import { describe, expect, it } from 'vitest';
import { until } from '../../../src/util/until.ts';

describe('what is looked for', () => {
  it('is given back once it is there, whatever the looks before came to', async () => {
    let looks = 0;
    const look = (): Promise<string | undefined> => {
      looks++;
      return looks === 1 ? Promise.reject(new Error('connection refused')) : Promise.resolve('pod');
    };
    await expect(until('a pod', look, AbortSignal.timeout(5_000))).resolves.toBe('pod');
  });

  it('did not come for the reason of the last look that was answered, also where the next one is broken off', async () => {
    const over = new AbortController();
    let looks = 0;
    const seen = until(
      'a pod',
      () => {
        looks++;
        return looks === 1
          ? Promise.reject(new Error('connection refused'))
          : // Never answered.
            new Promise<undefined>(() => undefined);
      },
      over.signal,
    );
    const failed = expect(seen).rejects.toThrow('a pod did not come (connection refused)');
    await expect.poll(() => looks).toBe(2);
    over.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    await failed;
  });

  it('did not come for no reason where the last look saw nothing', async () => {
    const over = new AbortController();
    let looks = 0;
    const look = (): Promise<undefined> => {
      if (++looks === 3) over.abort();
      return looks === 1 ? Promise.reject(new Error('connection refused')) : Promise.resolve(undefined);
    };
    await expect(until('a pod', look, over.signal)).rejects.toThrow(/^a pod did not come$/);
  });
});

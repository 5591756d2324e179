import { describe, expect, it } from 'vitest';
import { Turns } from '../../src/matrix/turns.ts';

const never = new AbortController().signal;

/** Takes turns and writes down who has got one. */
function queue() {
  const turns = new Turns();
  const got: string[] = [];
  const take = async (name: string, exclusive: boolean, signal = never): Promise<Disposable> => {
    const turn = await turns.take(exclusive, signal);
    got.push(name);
    return turn;
  };
  const settled = (): Promise<void> => new Promise(setImmediate);
  return { got, take, settled };
}

describe('taking turns with the machine’s limit', () => {
  it('lets all who rely on it go at once, and who changes it alone', async () => {
    const { got, take, settled } = queue();
    const [a, b] = [await take('a', false), await take('b', false)];
    const changing = take('change', true);
    await settled();
    expect(got).toEqual(['a', 'b']);
    a[Symbol.dispose]();
    await settled();
    expect(got).toEqual(['a', 'b']);
    b[Symbol.dispose]();
    const change = await changing;
    const relying = take('c', false);
    await settled();
    expect(got).toEqual(['a', 'b', 'change']);
    change[Symbol.dispose]();
    await relying;
    expect(got).toEqual(['a', 'b', 'change', 'c']);
  });

  it('does not let those who come later pass one that waits to change it', async () => {
    const { got, take, settled } = queue();
    const a = await take('a', false);
    const changing = take('change', true);
    const later = take('later', false);
    await settled();
    expect(got).toEqual(['a']);
    a[Symbol.dispose]();
    (await changing)[Symbol.dispose]();
    await later;
    expect(got).toEqual(['a', 'change', 'later']);
  });

  it('goes on with the next when one that waits gives up', async () => {
    const { got, take } = queue();
    const a = await take('a', false);
    const impatient = new AbortController();
    const changing = take('change', true, impatient.signal);
    const later = take('later', false);
    impatient.abort(new Error('no more'));
    await expect(changing).rejects.toThrow('no more');
    await later;
    expect(got).toEqual(['a', 'later']);
    a[Symbol.dispose]();
  });
});

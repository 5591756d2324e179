import { describe, expect, it } from 'vitest';
import { Turns } from '../../../src/lab/turns.ts';
import { NEVER } from '../support/never.ts';

/** Takes turns and logs who holds one. */
function queue() {
  const turns = new Turns();
  const got: string[] = [];
  const take = async (name: string, exclusive: boolean, signal = NEVER): Promise<Disposable> => {
    const turn = await turns.take(exclusive, signal);
    got.push(name);
    return turn;
  };
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
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

  it('keeps nobody waiting for one who would change it, until there are two', async () => {
    const { got, take, settled } = queue();
    const a = await take('a', false);
    const changing = take('change', true);
    const b = await take('b', false);
    const another = take('another change', true);
    const c = take('c', false);
    await settled();
    expect(got).toEqual(['a', 'b']);
    a[Symbol.dispose]();
    b[Symbol.dispose]();
    (await changing)[Symbol.dispose]();
    (await another)[Symbol.dispose]();
    await c;
    expect(got).toEqual(['a', 'b', 'change', 'another change', 'c']);
  });

  it('lets whoever has changed it change it again before those who rely on it', async () => {
    const { got, take } = queue();
    const first = await take('change', true);
    const relying = take('a', false);
    first[Symbol.dispose]();
    const second = await take('change again', true);
    second[Symbol.dispose]();
    await relying;
    expect(got).toEqual(['change', 'change again', 'a']);
  });

  it('goes on with the next when one that waits gives up', async () => {
    const { got, take, settled } = queue();
    const a = await take('a', false);
    const impatient = new AbortController();
    const changing = take('change', true, impatient.signal);
    const another = take('another change', true);
    const later = take('later', false);
    await settled();
    expect(got).toEqual(['a']);
    impatient.abort(new Error('no more'));
    await expect(changing).rejects.toThrow('no more');
    const turn = await later;
    expect(got).toEqual(['a', 'later']);
    for (const each of [a, turn]) each[Symbol.dispose]();
    (await another)[Symbol.dispose]();
  });
});

import { describe, expect, it } from 'vitest';
import { isNotRestored } from '../../../src/util/not-restored.ts';
import { sayValue } from '../../../src/change/done.ts';
import { restorable, type Site } from '../../../src/change/restorable.ts';

/** Values in memory, by site; a site may refuse one value, or all. */
function sites(values: Record<string, string>, wanted: string, refusing: Record<string, string> = {}) {
  const write = (name: string, value: string): void => {
    if (refusing[name] === value || refusing[name] === 'everything') throw new Error(`${name}: EINVAL`);
    values[name] = value;
  };
  return Object.keys(values).map((name): Site => ({
    name,
    read: () => values[name] ?? '',
    make: () => {
      write(name, wanted);
    },
    restore: (before) => {
      write(name, sayValue(before));
    },
  }));
}

describe('a change at several sites', () => {
  it('is made at all of them, and says what was there and what is', async () => {
    const values = { a: '0', b: '0' };
    const { readings, undo } = await restorable(sites(values, '1'));
    expect(readings).toEqual(['a', 'b'].map((node) => ({ node, before: '0', after: '1' })));
    expect(values).toEqual({ a: '1', b: '1' });
    expect(await undo()).toEqual(['a', 'b'].map((node) => ({ node, before: '1', after: '0' })));
    expect(values).toEqual({ a: '0', b: '0' });
  });

  it('goes back to what each site had', async () => {
    const values = { a: '60', b: '30' };
    const { readings, undo } = await restorable(sites(values, '10'));
    expect(readings.map(({ before }) => before)).toEqual(['60', '30']);
    await undo();
    expect(values).toEqual({ a: '60', b: '30' });
  });

  it('is made at none where one refuses', async () => {
    const values = { a: '0', b: '0', c: '0' };
    const making = restorable(sites(values, '1', { b: '1' }));
    const failure: unknown = await making.catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: 'b: EINVAL' });
    expect(isNotRestored(failure)).toBe(false);
    expect(values).toEqual({ a: '0', b: '0', c: '0' });
  });

  it('counts only what is there where a site refused: what it did not do can’t be undone', async () => {
    const values = { a: '0', b: '0' };
    const making = restorable(sites(values, '1', { b: 'everything' }));
    const failure: unknown = await making.catch((error: unknown) => error);
    expect(isNotRestored(failure)).toBe(false);
    expect(values).toEqual({ a: '0', b: '0' });
  });

  it('is not restored where one refuses and another can’t go back', async () => {
    const values = { a: '0', b: '0' };
    const refusing = sites(values, '1', { a: '0', b: '1' });
    const failure: unknown = await restorable(refusing).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      message: 'b: EINVAL; not restored: a: was "0", now "1" (a: EINVAL)',
    });
    expect(isNotRestored(failure)).toBe(true);
  });

  it('is not restored where a site does not have what was found, and is tried there again', async () => {
    const values = { a: '0', b: '0' };
    const all = sites(values, '1');
    let stuck = true;
    const restores: string[] = [];
    const watched = all.map((site): Site => ({
      ...site,
      restore: (before) => {
        restores.push(site.name);
        if (!(stuck && site.name === 'b')) site.restore(before);
      },
    }));
    const { undo } = await restorable(watched);
    await expect(undo()).rejects.toThrow('not restored: b: was "0", now "1"');
    expect(values).toEqual({ a: '0', b: '1' });
    stuck = false;
    await undo();
    expect(values).toEqual({ a: '0', b: '0' });
    expect(restores).toEqual(['a', 'b', 'b']);
  });

  it('is not restored where its undo fails, whatever is read then', async () => {
    const site: Site = {
      name: 'worker-1',
      read: () => 'the same',
      make: () => undefined,
      restore: () => Promise.reject(new Error('ended with 1')),
    };
    const { undo } = await restorable([site]);
    await expect(undo()).rejects.toThrow('not restored: was "the same", now "the same" (ended with 1)');
  });
});

import { describe, expect, it } from 'vitest';
import { LOADS, loadSchema } from '../../../src/load/index.ts';

describe('a kind of load', () => {
  const offeredByAgents = LOADS.filter(({ runner }) => runner !== undefined);

  // The program of `own` is a user's: see scenario/own-load.test.ts.
  const shipped = offeredByAgents.filter(({ kind }) => kind !== 'own');
  it.each(shipped)('$kind has a program that an agent runs', async ({ runner }) => {
    const load = {} as never;
    expect((await runner?.(load))?.run).toBeTypeOf('function');
  });

  it('is offered by agents, but for updates, which go through the API server', () => {
    expect(LOADS.filter((load) => !offeredByAgents.includes(load)).map(({ kind }) => kind)).toEqual([
      'updates',
    ]);
  });

  it('keepalive is held beside a demand, and is none', () => {
    const { error } = loadSchema.safeParse({ kind: 'keepalive' });
    expect(error?.issues[0]?.path).toEqual(['kind']);
  });
});

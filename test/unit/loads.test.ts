import { describe, expect, it } from 'vitest';
import { LOADS, loadSchema } from '../../src/load/index.ts';

describe('a kind of load', () => {
  const offeredByAgents = LOADS.filter(({ runner }) => runner !== undefined);

  it.each(offeredByAgents)('$kind has a program that an agent runs', async ({ runner }) => {
    expect((await runner?.())?.run).toBeTypeOf('function');
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

import { expect, it } from 'vitest';
import { LogSoFar } from '../../../src/run/log-so-far.ts';

it('shows the newest line now and then, and keeps every line for the history', () => {
  const slices = [['a', 'b'], ['c'], []];
  const shown: string[] = [];
  const log = new LogSoFar(
    { read: () => ({ lines: slices.shift() ?? [] }), [Symbol.dispose]: () => undefined },
    (line) => shown.push(line),
  );
  for (const t of [0, 100, 600]) log.look(t);
  expect(shown).toEqual(['b', 'c']);
  expect(log.whole()).toEqual({ lines: ['a', 'b', 'c'] });
});

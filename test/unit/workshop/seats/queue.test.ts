import { expect, it } from 'vitest';
import { Queue } from '../../../../src/workshop/seats/queue.ts';

/** What each of several learners is told, and what begins when, with two side by side. */
function learners(names: readonly string[]) {
  const queue = new Queue(2);
  const log: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<undefined>>();
  const all = names.map(async (name) => {
    const end = Promise.withResolvers<undefined>();
    ends.set(name, end);
    const work = async (): Promise<void> => {
      log.push(`${name} begins`);
      await end.promise;
    };
    await queue.take(work, (place) => log.push(`${name} is ${String(place)}`));
  });
  return { log, results: Promise.allSettled(all), end: (name: string) => ends.get(name) };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('a queue lets two begin, and tells the others their place whenever it changes', async () => {
  const { log, results, end } = learners(['a', 'b', 'c', 'd', 'e']);
  await settled();
  expect(log.splice(0)).toEqual(['c is 1', 'd is 2', 'e is 3', 'a begins', 'b begins']);
  end('b')?.resolve(undefined);
  await settled();
  expect(log.splice(0)).toEqual(['d is 1', 'e is 2', 'c begins']);
  end('a')?.reject(new Error('the lab is replaced'));
  await settled();
  expect(log.splice(0)).toEqual(['e is 1', 'd begins']);
  for (const name of ['c', 'd', 'e']) end(name)?.resolve(undefined);
  expect((await results).map(({ status }) => status).join(' ')).toBe(
    'rejected fulfilled fulfilled fulfilled fulfilled',
  );
  expect(log).toEqual(['e begins']);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Run } from '../../src/history/run.ts';
import { readHistory } from '../../src/history/store.ts';
import { scratch, start } from './command.ts';

it('a run records its nodes’ network namespaces, and of the kernel’s lines that name one only its own', async () => {
  using folder = scratch();
  const words = ['run', 'boom', '--remedy', 'none', '--out', 'seen', '--quiet'];
  await start(words, 'nobody', folder.path).process;
  const out = join(folder.path, 'seen');
  const run = new Run(await readHistory(out));
  // Later ones say which cycle begins in a lab that is open already.
  const [namespaces, ...others] = run.ofType('namespaces').filter(({ cycle }) => cycle === undefined);
  expect(others).toEqual([]);
  const nodes = run.header.protocol.topology.nodes;
  expect(Object.keys(namespaces?.nodes ?? {}).toSorted()).toEqual(nodes.toSorted());
  const own = Object.values(namespaces?.nodes ?? {});
  expect(new Set(own).size).toBe(nodes.length);
  const log = readFileSync(join(out, 'kernel.log'), 'utf8');
  const named = [...log.matchAll(/in netns (\d+)/g)].map(([, number]) => Number(number));
  expect(named.filter((number) => !own.includes(number))).toEqual([]);
});

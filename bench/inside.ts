/** Does one work inside a sandbox; the process ends with the sandbox and leaves nothing. */
import { mkdirSync } from 'node:fs';
import { mount } from '../src/kernel/libc.ts';
import { FOLDER } from './programs.ts';
import { WORKS } from './registry.ts';
import { measureWork } from './rounds.ts';
import { orderSchema } from './sandbox.ts';

const order = orderSchema.parse(JSON.parse(process.argv[2] ?? ''));
const work = WORKS.find(({ id }) => id === order.work);
if (work === undefined) throw new Error(`unknown work ${order.work}`);

// Holds the built programs and the servers' files, and ends with the sandbox.
mount('tmpfs', '/run', 'tmpfs', 0);
mkdirSync(FOLDER);

const report = await measureWork(work, order.rounds, {
  quick: order.quick,
  against: order.against,
  say: (line) => process.send?.({ say: line }),
  signal: new AbortController().signal,
});
process.send?.({ report }, () => process.exit());

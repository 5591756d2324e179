/** The process that does one work inside a sandbox; it ends with the sandbox, and leaves nothing. */
import { mkdirSync } from 'node:fs';
import { mount } from '../src/kernel/libc.ts';
import { FOLDER } from './programs.ts';
import { WORKS } from './registry.ts';
import { measureWork } from './rounds.ts';
import { orderSchema } from './sandbox.ts';

const order = orderSchema.parse(JSON.parse(process.argv[2] ?? ''));
const work = WORKS.find(({ id }) => id === order.work);
if (work === undefined) throw new Error(`there is no work ${order.work}`);

// Programs that are built here, and what servers write, are gone with it.
mount('tmpfs', '/run', 'tmpfs', 0);
mkdirSync(FOLDER);

const report = await measureWork(work, order.rounds, {
  quick: order.quick,
  against: order.against,
  say: (line) => process.send?.({ say: line }),
  signal: new AbortController().signal,
});
process.send?.({ report }, () => process.exit());

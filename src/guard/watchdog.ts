/**
 * The watchdog process: `flock --exclusive --no-fork LIMIT_FILE node watchdog.ts JOURNAL`. It makes the
 * global changes, and undoes them when its lifeline, standard input, ends with the harness. Its own session
 * and ignored signals keep a Ctrl-C from ending it with the harness.
 */
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { readJournal } from './journal.ts';
import { JournaledChanges, type Changed } from './journaled-changes.ts';
import { runningProcess } from './owner.ts';
import { whyLeftAlone } from './stray.ts';
import { kernelSysctls } from './sysctls.ts';
import { requestSchema } from './watchdog-protocol.ts';
import type { Reply, Request } from './watchdog-protocol.ts';
import { messageOf } from '../util/error-text.ts';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
// The harness may be gone, and restoring matters more than replying.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const reply = (message: Reply): void => {
  process.stdout.write(`${JSON.stringify(message)}\n`);
};

function answer(changes: JournaledChanges, request: Request): Reply {
  return { type: 'changed', ...changed(changes, request) };
}

function changed(changes: JournaledChanges, request: Request): Changed {
  if ('undo' in request) return changes.undo(request.undo);
  if ('delegate' in request) return changes.delegate(request.delegate);
  return changes.set(request.set.name, request.set.value);
}

async function attempt(action: () => Reply | Promise<Reply>): Promise<Reply> {
  try {
    return await action();
  } catch (error) {
    return { type: 'failed', reason: messageOf(error) };
  }
}

const path = z.string().parse(process.argv[2]);
const owner = runningProcess(process.pid);
if (owner === undefined) throw new Error('/proc does not show this process: is it mounted?');
const changes = new JournaledChanges(path, owner, kernelSysctls);

const ready = await attempt(async () => {
  const journal = readJournal(path);
  const why = journal && (await whyLeftAlone(path, journal));
  if (why !== undefined) throw new Error(why);
  return { type: 'ready', leftovers: changes.restoreLeftovers() };
});
reply(ready);
if (ready.type === 'ready') {
  const requests = createInterface({ input: process.stdin });
  process.stdin.on('error', () => {
    requests.close();
  });
  try {
    for await (const line of requests)
      reply(await attempt(() => answer(changes, requestSchema.parse(JSON.parse(line)))));
  } finally {
    reply(await attempt(() => ({ type: 'closed', report: changes.restore() })));
  }
}

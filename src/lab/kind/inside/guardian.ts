/**
 * The agent pod's first process. It idles while a run renews its lease, and restores the node when the lease
 * runs out or the agent is deleted. After a killed agent, a later one restores.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { LEASE_MS } from '../agent-rpc.ts';
import { openNodeHost } from './node-host.ts';
import { leaseAge } from './node-journal.ts';
import { restoreNode } from './restore-node.ts';

const LOOK_EVERY_MS = 1_000;
const ended = new AbortController();

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    ended.abort();
  });
}

async function restore(why: string): Promise<void> {
  using host = openNodeHost();
  const { done, left } = await restoreNode(host);
  for (const line of [why, ...done, ...left.map((each) => `not restored: ${each}`)])
    process.stdout.write(`guardian: ${line}\n`);
}

while (!ended.signal.aborted) {
  const age = leaseAge();
  if (age !== undefined && age > LEASE_MS)
    await restore(`no run has renewed its lease for ${String(Math.round(age / 1000))} s`);
  await delay(LOOK_EVERY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
}
if (leaseAge() !== undefined) await restore('the agent is being deleted');
process.exit(0);

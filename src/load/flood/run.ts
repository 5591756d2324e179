import { closeSync } from 'node:fs';
import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import { pinned } from '../../kernel/affinity.ts';
import { arrivalReceiver, rawSocket } from '../../kernel/socket.ts';
import type { Flood } from './schema.ts';
import type { LoadContext } from '../context.ts';
import { FloodPackets } from './flood-packets.ts';

/** Flows per send: they fit the buffer of the socket that sees arrivals. */
const BATCH = 128;
/** Packets not here within this time were most likely dropped; the next are sent, ms. */
const SETTLED_MS = 2;
/** A flow whose first packet takes longer has failed, ms. */
const PATIENCE_MS = 500;
const TICK_MS = 1;

/** Flows of raw packets, open loop. A flow is `ok` once its first packet has passed the node. */
export async function run(
  load: Flood,
  context: Pick<LoadContext, 'floodPath' | 'outcomes' | 'signal'>,
): Promise<void> {
  const { outcomes, signal } = context;
  const path = await context.floodPath(load.pods, load.to);
  using sockets = new DisposableStack();
  const packets = new FloodPackets(load.flow, {
    client: sockets.adopt(rawSocket(path.client), closeSync),
    server: sockets.adopt(rawSocket(path.server), closeSync),
    arrivals: sockets.adopt(arrivalReceiver(path.server), closeSync),
    flows: path.flows,
    end: path.serverEnd,
    batch: BATCH,
  });
  const lost = load.flow === 'datagram' ? 'not delivered' : 'no answer';
  const slot = (load.seconds * 1000) / load.flows;
  const first = path.flows.take(load.flows);
  /** Due times of flows not seen to arrive, in the order of sending. */
  const pending = new Map<number, number>();
  let sent = 0;
  let lastSent = 0;
  let unsettled = 0;
  while (sent < load.flows || pending.size > 0) {
    signal.throwIfAborted();
    const now = outcomes.elapsed();
    const settled = unsettled === 0 || now - lastSent > SETTLED_MS;
    const due = Math.min(load.flows, Math.floor(now / slot) + 1) - sent;
    const flows: number[] = [];
    for (; settled && flows.length < Math.min(BATCH, due); sent++) {
      flows.push(first + sent);
      pending.set(first + sent, sent * slot);
      outcomes.started(sent * slot);
    }
    if (flows.length > 0) [lastSent, unsettled] = [now, flows.length];
    for (const flow of pinned(() => packets.exchange(flows))) {
      const dueAt = pending.get(flow);
      if (dueAt === undefined) continue;
      outcomes.ended(dueAt, 'ok');
      pending.delete(flow);
      unsettled--;
    }
    for (const [flow, dueAt] of pending) {
      if (now - dueAt < PATIENCE_MS) break;
      outcomes.ended(dueAt, lost);
      pending.delete(flow);
    }
    await (due > flows.length || unsettled > 0 ? setImmediate() : delay(TICK_MS, undefined, { signal }));
  }
}

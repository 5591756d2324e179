import { closeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { pinned } from '../kernel/affinity.ts';
import type { NetNamespace } from '../kernel/netns.ts';
import { packetReceiver, rawSocket } from '../kernel/socket.ts';
import type { Flood } from '../scenario/load.ts';
import type { LoadContext } from './context.ts';
import type { End } from './flood.ts';
import { closedConnections, datagrams, type Flow } from './flood-packets.ts';
import type { LoadRunner } from './runner.ts';

/** Between which pods a flood goes, and from which addresses. */
export interface FloodPath {
  readonly client: NetNamespace;
  readonly server: NetNamespace;
  /** Routed to the client pod and assigned to nobody: its kernel answers nothing that comes back. */
  readonly sources: { readonly first: number; readonly count: number };
  /** Routed to the server pod, and not its own either. */
  readonly serverEnd: End;
  /** The number of the next flow that no flood has had: a flow sent again would find its own entry. */
  readonly take: (count: number) => number;
}

/** So many flows at a time: the packets of one step fit the buffer of the socket that sees them arrive. */
const BATCH = 128;
/** So long at the most without letting the event loop do its work: samples are taken on time. */
const TURN_MS = 15;
const TICK_MS = 1;
const FIRST_PORT = 1024;
const PORTS = 65_536 - FIRST_PORT;

/** Flows by raw packets, open loop. Each is `ok` once its packets have been through the node. */
export const flood: LoadRunner<'flood'> = {
  kind: 'flood',
  summary: 'flows of raw packets, tens of thousands a second: one-shot datagrams or whole connections',
  run,
};

async function run(load: Flood, context: LoadContext): Promise<void> {
  const { outcomes, signal } = context;
  const path = await context.floodPath(load.pods, load.to);
  using sockets = new DisposableStack();
  const open = {
    client: sockets.adopt(rawSocket(path.client), closeSync),
    server: sockets.adopt(rawSocket(path.server), closeSync),
    arrivals: sockets.adopt(packetReceiver(path.server), closeSync),
    end: path.serverEnd,
    batch: BATCH,
  };
  const offer = load.flow === 'datagram' ? datagrams(open) : closedConnections(open);
  const lost = load.flow === 'datagram' ? 'not delivered' : 'no answer';
  const slot = (load.seconds * 1000) / load.flows;
  const first = path.take(load.flows);
  for (let sent = 0; sent < load.flows;) {
    signal.throwIfAborted();
    const until = outcomes.elapsed() + TURN_MS;
    while (sent < load.flows && outcomes.elapsed() < until) {
      const due = Math.min(load.flows, Math.floor(outcomes.elapsed() / slot) + 1);
      const count = Math.min(BATCH, due - sent);
      if (count <= 0) break;
      for (let i = sent; i < sent + count; i++) outcomes.started(i * slot);
      const flows = Array.from({ length: count }, (_, i) => flowOf(first + sent + i, path));
      const arrived = pinned(() => offer(flows));
      flows.forEach((flow, i) => {
        outcomes.ended((sent + i) * slot, arrived.has(flow) ? 'ok' : lost);
      });
      sent += count;
    }
    await delay(TICK_MS, undefined, { signal });
  }
}

function flowOf(number: number, { sources }: FloodPath): Flow {
  return {
    ip: sources.first + (number % sources.count),
    port: FIRST_PORT + (Math.floor(number / sources.count) % PORTS),
  };
}

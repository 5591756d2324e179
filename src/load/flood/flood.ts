import { closeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { pinned } from '../../kernel/affinity.ts';
import { PacketBatch } from '../../kernel/batch.ts';
import type { NetNamespace } from '../../kernel/netns.ts';
import { rawSocket } from '../../kernel/socket.ts';
import { ANYONE, bareDatagram, type End } from './bare-packets.ts';
import { handshake } from './flow-packets.ts';
import { Flows, type Sources } from './flows.ts';

/** Flows `from` to `from + count - 1` of the sources. */
interface Flood {
  /** The pod that the packets leave from. */
  readonly client: NetNamespace;
  readonly sources: Sources;
  /** Destination of the clients: a service's address, where there is DNAT. */
  readonly destination: End;
  readonly from: number;
  readonly count: number;
  readonly signal: AbortSignal;
}

export interface TcpFlood extends Flood {
  /** The pod that the answers leave from. */
  readonly server: NetNamespace;
  /**
   * The service's one endpoint: it receives the destination's packets and sends the answers. Its address is
   * routed to the server pod and assigned to none, for the same reason.
   */
  readonly backend: End;
}

export interface FloodReport {
  /** Flows sent; counters tell whether they are in the table. */
  readonly sent: number;
}

const BATCH = 512;
/** Batches per event loop turn, about 20 ms: samples stay punctual. */
const BATCHES_A_TURN = 4;

/**
 * Fills the tables between two pods with established, assured TCP entries through the kernel's packet path.
 * It sends both pods' packets without sockets and waits for nothing.
 *
 * @throws Error where there are fewer flows than asked for; ErrnoError; the signal's reason
 */
export async function floodTcp({ server, backend, destination, ...flood }: TcpFlood): Promise<FloodReport> {
  const { syn, synAck, ack } = handshake({ destination, backend }, BATCH);
  using sockets = new DisposableStack();
  const client = sockets.adopt(rawSocket(flood.client), closeSync);
  const answers = sockets.adopt(rawSocket(server), closeSync);
  return await inTurns(flood, [syn, synAck, ack], (count) => {
    syn.send(client, count);
    synAck.send(answers, count);
    ack.send(client, count);
  });
}

/**
 * Sends one datagram per flow. The unassured entries stay for nf_conntrack_udp_timeout and give way when the
 * table is full.
 *
 * @throws Error where there are fewer flows than asked for; ErrnoError; the signal's reason
 */
export async function floodUdp({ destination, ...flood }: Flood): Promise<FloodReport> {
  const datagram = new PacketBatch(bareDatagram(ANYONE, destination), 'source', BATCH);
  using sockets = new DisposableStack();
  const client = sockets.adopt(rawSocket(flood.client), closeSync);
  return await inTurns(flood, [datagram], (count) => {
    datagram.send(client, count);
  });
}

/** Fills the batches with consecutive flows and sends them, yielding to the event loop. */
async function inTurns(
  { sources, from, count, signal }: Omit<Flood, 'client' | 'destination'>,
  batches: readonly PacketBatch[],
  send: (count: number) => void,
): Promise<FloodReport> {
  const flows = new Flows(sources);
  if (from + count > flows.count)
    throw new Error(`${String(sources.count)} sources make ${String(flows.count)} flows; name more sources`);
  for (let sent = 0; sent < count;) {
    signal.throwIfAborted();
    const turn = Math.min(sent + BATCH * BATCHES_A_TURN, count);
    pinned(() => {
      while (sent < turn) {
        const n = Math.min(BATCH, turn - sent);
        for (let slot = 0; slot < n; slot++) {
          const { ip, port } = flows.end(from + sent + slot);
          for (const batch of batches) batch.set(slot, ip, port);
        }
        send(n);
        sent += n;
      }
    });
    await setImmediate();
  }
  return { sent: count };
}

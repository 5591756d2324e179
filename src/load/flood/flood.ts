import { closeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { pinned } from '../../kernel/affinity.ts';
import { PacketBatch } from '../../kernel/batch.ts';
import { parseIp } from '../../kernel/ipv4.ts';
import type { NetNamespace } from '../../kernel/netns.ts';
import { buildTcp, buildUdp, TCP } from '../../kernel/packet.ts';
import { rawSocket } from '../../kernel/socket.ts';

/** An address and a port. */
export interface End {
  readonly ip: string;
  readonly port: number;
}

/** Flows `from` to `from + count - 1`; the same numbers are the same flows. */
interface Flood {
  /** The pod that the packets leave from. */
  readonly client: NetNamespace;
  /**
   * Addresses that are routed to the client pod and assigned to nobody: a pod's own kernel would answer a
   * SYN-ACK that it never asked for with a reset.
   */
  readonly sources: { readonly first: string; readonly count: number };
  /** Where clients send to: a service's address, where there is DNAT. */
  readonly destination: End;
  readonly from: number;
  readonly count: number;
  readonly signal: AbortSignal;
}

export interface TcpFlood extends Flood {
  /** The pod that the answers leave from. */
  readonly server: NetNamespace;
  /**
   * Where the destination's packets end, and the answers come from: the service's one endpoint. An address that
   * is routed to the server pod and assigned to nobody, for the same reason.
   */
  readonly backend: End;
}

export type UdpFlood = Flood;

export interface FloodReport {
  /** Flows sent; whether they are in the table is the counters' to say. */
  readonly sent: number;
  readonly seconds: number;
}

const BATCH = 512;
/** So many batches a turn of the event loop, some 20 ms: samples are still taken on time. */
const BATCHES_A_TURN = 4;
const FIRST_PORT = 1024;
const PORTS = 65_536 - FIRST_PORT;
const WINDOW = 65_535;
const NOTHING = Buffer.alloc(0);
const ANYONE: End = { ip: '0.0.0.0', port: 0 };

/**
 * Fills the tables between two pods with established, assured TCP entries, through the kernel's own packet path
 * and with no socket for any of them: both pods' packets are sent by us, and nothing is waited for.
 *
 * @throws Error where there are fewer flows than asked for; ErrnoError; the signal's reason
 */
export async function floodTcp({ server, backend, destination, ...flood }: TcpFlood): Promise<FloodReport> {
  const segment = (from: End, to: End, flags: number, seq: number, ack: number): Buffer =>
    buildTcp({ ...between(from, to), flags, seq, ack, window: WINDOW, payload: NOTHING });
  const syn = new PacketBatch(segment(ANYONE, destination, TCP.SYN, 1, 0), 'source', BATCH);
  const synAck = new PacketBatch(segment(backend, ANYONE, TCP.SYN | TCP.ACK, 1, 2), 'destination', BATCH);
  const ack = new PacketBatch(segment(ANYONE, destination, TCP.ACK, 2, 2), 'source', BATCH);
  using sockets = new DisposableStack();
  const client = sockets.adopt(rawSocket(flood.client), closeSync);
  const answers = sockets.adopt(rawSocket(server), closeSync);
  return await inTurns(flood, [syn, synAck, ack], (count) => {
    // In this order for each flow, or the node takes an answer for INVALID.
    syn.send(client, count);
    synAck.send(answers, count);
    ack.send(client, count);
  });
}

/**
 * Sends one datagram of each flow: unassured entries, which stay for nf_conntrack_udp_timeout and make room for
 * others when the table is full.
 *
 * @throws Error where there are fewer flows than asked for; ErrnoError; the signal's reason
 */
export async function floodUdp({ destination, ...flood }: UdpFlood): Promise<FloodReport> {
  const datagram = new PacketBatch(
    buildUdp({ ...between(ANYONE, destination), payload: NOTHING }),
    'source',
    BATCH,
  );
  using sockets = new DisposableStack();
  const client = sockets.adopt(rawSocket(flood.client), closeSync);
  return await inTurns(flood, [datagram], (count) => {
    datagram.send(client, count);
  });
}

function between(
  from: End,
  to: End,
): Record<'source' | 'destination', string> & Record<'sourcePort' | 'destinationPort', number> {
  return { source: from.ip, sourcePort: from.port, destination: to.ip, destinationPort: to.port };
}

/** Fills the batches with flow after flow and has them sent, without keeping the event loop from its work. */
async function inTurns(
  { sources, from, count, signal }: Omit<Flood, 'client' | 'destination'>,
  batches: readonly PacketBatch[],
  send: (count: number) => void,
): Promise<FloodReport> {
  const flows = sources.count * PORTS;
  if (from + count > flows)
    throw new Error(`${String(sources.count)} sources make ${String(flows)} flows; name more sources`);
  const first = parseIp(sources.first);
  const start = performance.now();
  for (let sent = 0; sent < count;) {
    signal.throwIfAborted();
    const turn = Math.min(sent + BATCH * BATCHES_A_TURN, count);
    pinned(() => {
      while (sent < turn) {
        const n = Math.min(BATCH, turn - sent);
        for (let slot = 0; slot < n; slot++) {
          const flow = from + sent + slot;
          const port = FIRST_PORT + Math.floor(flow / sources.count);
          for (const batch of batches) batch.set(slot, first + (flow % sources.count), port);
        }
        send(n);
        sent += n;
      }
    });
    await setImmediate();
  }
  return { sent: count, seconds: (performance.now() - start) / 1000 };
}

import { PacketBatch } from '../../kernel/batch.ts';
import { recv } from '../../kernel/libc.ts';
import { TCP } from '../../kernel/packet.ts';
import type { Fd } from '../../kernel/socket.ts';
import type { Flood } from './schema.ts';
import { ANYONE, bareDatagram, type End } from './bare-packets.ts';
import { endIn, handshake, segmentsOf, sendFlows } from './flow-packets.ts';
import type { Flows } from './flows.ts';

/** The sockets of a flood, in its two pods. */
interface FloodSockets {
  /** Sends the clients' packets. */
  readonly client: Fd;
  /** Sends the server's answers. */
  readonly server: Fd;
  /** Receives a copy of each flow's first packet that reaches the server's pod. */
  readonly arrivals: Fd;
  readonly flows: Flows;
  /** Destination of the clients. */
  readonly end: End;
  /** Maximum flows per send. */
  readonly batch: number;
}

const LONGEST_PACKET = 128;

/** One step of an exchange: packets, and the socket that sends them. */
interface Step {
  readonly packets: PacketBatch;
  readonly by: Fd;
}

/** The packets of a flood's flows: each first packet, and the rest once it has arrived. */
export class FloodPackets {
  readonly #arrivals: Fd;
  readonly #flows: Flows;
  readonly #batch: number;
  readonly #begin: Step;
  readonly #rest: readonly Step[];
  readonly #buffer = Buffer.allocUnsafe(LONGEST_PACKET);

  constructor(flow: Flood['flow'], sockets: FloodSockets) {
    this.#arrivals = sockets.arrivals;
    this.#flows = sockets.flows;
    this.#batch = sockets.batch;
    const [begin, ...rest] = flow === 'datagram' ? [datagram(sockets)] : closedConnection(sockets);
    if (begin === undefined) throw new Error(`a flow of ${flow} has no packets`);
    this.#begin = begin;
    this.#rest = rest;
  }

  /**
   * Sends the first packets of these flows, then the rest of every flow whose first packet has arrived.
   * Dropped flows stop there, like a client that waits for an answer.
   *
   * @returns the flows that have arrived
   */
  exchange(flows: readonly number[]): readonly number[] {
    this.#send(this.#begin, flows);
    const arrived = this.#arrived();
    for (let at = 0; this.#rest.length > 0 && at < arrived.length; at += this.#batch) {
      const some = arrived.slice(at, at + this.#batch);
      for (const step of this.#rest) this.#send(step, some);
    }
    return arrived;
  }

  #send({ packets, by }: Step, flows: readonly number[]): void {
    sendFlows(packets, by, this.#flows, flows);
  }

  #arrived(): readonly number[] {
    const flows: number[] = [];
    while (recv(this.#arrivals, this.#buffer) !== undefined) {
      const flow = this.#flows.numberOf(endIn(this.#buffer, 'source'));
      if (flow !== undefined) flows.push(flow);
    }
    return flows;
  }
}

function datagram({ client, end, batch }: FloodSockets): Step {
  return { packets: new PacketBatch(bareDatagram(ANYONE, end), 'source', batch), by: client };
}

/** Opened, then closed by client and server, without data. */
function closedConnection({ client, server, end, batch }: FloodSockets): readonly Step[] {
  const ends = { destination: end, backend: end };
  const { syn, synAck, ack } = handshake(ends, batch);
  const segments = segmentsOf(ends, batch);
  return [
    { packets: syn, by: client },
    { packets: synAck, by: server },
    { packets: ack, by: client },
    { packets: segments.client(TCP.FIN | TCP.ACK, 2, 2), by: client },
    { packets: segments.server(TCP.FIN | TCP.ACK, 2, 3), by: server },
    { packets: segments.client(TCP.ACK, 3, 3), by: client },
  ];
}

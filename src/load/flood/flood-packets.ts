import { PacketBatch } from '../../kernel/batch.ts';
import { recv } from '../../kernel/libc.ts';
import { OFFSET, TCP } from '../../kernel/packet.ts';
import type { Fd } from '../../kernel/socket.ts';
import type { Flood } from './schema.ts';
import { ANYONE, bareDatagram, bareSegment, type End } from './bare-packets.ts';

/** The end that differs between flows. */
export interface Flow {
  readonly ip: number;
  readonly port: number;
}

/** The sockets of a flood, in its two pods. */
interface FloodSockets {
  /** Sends the clients' packets. */
  readonly client: Fd;
  /** Sends the server's answers. */
  readonly server: Fd;
  /** Receives a copy of each flow's first packet that reaches the server's pod. */
  readonly arrivals: Fd;
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
  readonly #batch: number;
  readonly #begin: Step;
  readonly #rest: readonly Step[];
  readonly #buffer = Buffer.allocUnsafe(LONGEST_PACKET);

  constructor(flow: Flood['flow'], sockets: FloodSockets) {
    this.#arrivals = sockets.arrivals;
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
   * @returns the flows that have arrived, by `keyOf`
   */
  exchange(flows: readonly Flow[]): readonly number[] {
    send(this.#begin, flows);
    const arrived = this.#arrived();
    for (let at = 0; this.#rest.length > 0 && at < arrived.length; at += this.#batch) {
      const some = arrived.slice(at, at + this.#batch);
      for (const step of this.#rest) send(step, some);
    }
    return arrived.map(keyOf);
  }

  #arrived(): readonly Flow[] {
    const flows: Flow[] = [];
    while (recv(this.#arrivals, this.#buffer) !== undefined) {
      const ip = this.#buffer.readUInt32BE(OFFSET.ip.source);
      flows.push({ ip, port: this.#buffer.readUInt16BE(OFFSET.port.source) });
    }
    return flows;
  }
}

/** A flow as one number, below 2^53. */
export function keyOf({ ip, port }: Flow): number {
  return ip * 65_536 + port;
}

function datagram({ client, end, batch }: FloodSockets): Step {
  return { packets: new PacketBatch(bareDatagram(ANYONE, end), 'source', batch), by: client };
}

/** Opened, then closed by client and server, without data. */
function closedConnection({ client, server, end, batch }: FloodSockets): readonly Step[] {
  const ask = (flags: number, seq: number, ack: number): Step => ({
    packets: new PacketBatch(bareSegment(ANYONE, end, flags, seq, ack), 'source', batch),
    by: client,
  });
  const answer = (flags: number, seq: number, ack: number): Step => ({
    packets: new PacketBatch(bareSegment(end, ANYONE, flags, seq, ack), 'destination', batch),
    by: server,
  });
  return [
    ask(TCP.SYN, 1, 0),
    answer(TCP.SYN | TCP.ACK, 1, 2),
    ask(TCP.ACK, 2, 2),
    ask(TCP.FIN | TCP.ACK, 2, 2),
    answer(TCP.FIN | TCP.ACK, 2, 3),
    ask(TCP.ACK, 3, 3),
  ];
}

function send({ packets, by }: Step, flows: readonly Flow[]): void {
  flows.forEach(({ ip, port }, slot) => {
    packets.set(slot, ip, port);
  });
  packets.send(by, flows.length);
}

import { PacketBatch } from '../kernel/batch.ts';
import { recv } from '../kernel/libc.ts';
import { buildTcp, buildUdp, OFFSET, TCP } from '../kernel/packet.ts';
import type { Fd } from '../kernel/socket.ts';
import type { End } from './flood.ts';

/** The end of a flow that differs from flow to flow. */
export interface Flow {
  readonly ip: number;
  readonly port: number;
}

/** The sockets of a flood, in its two pods. */
export interface FloodSockets {
  /** Sends what clients send. */
  readonly client: Fd;
  /** Sends what the server answers. */
  readonly server: Fd;
  /** Gets a copy of all that reaches the server's pod. */
  readonly arrivals: Fd;
  /** Where clients send to. */
  readonly end: End;
  readonly batch: number;
}

/** Offers some flows. @returns those that came through */
export type Offer = (flows: readonly Flow[]) => ReadonlySet<Flow>;

const ANYONE: End = { ip: '0.0.0.0', port: 0 };
const NOTHING = Buffer.alloc(0);
const WINDOW = 65_535;
const LONGEST_PACKET = 128;

/** One datagram a flow: it came through if it reached the server's pod. */
export function datagrams({ client, arrivals, end, batch }: FloodSockets): Offer {
  const { ip: destination, port: destinationPort } = end;
  const from = { source: ANYONE.ip, sourcePort: ANYONE.port };
  const template = buildUdp({ ...from, destination, destinationPort, payload: NOTHING });
  const datagram = new PacketBatch(template, 'source', batch);
  return (flows) => {
    send(datagram, flows, client);
    return arrived(arrivals, flows);
  };
}

/**
 * A connection a flow, opened and then closed by the client and by the server, without data. What follows the SYN is
 * sent only for those whose SYN reached the server's pod: the others would be answered by nobody.
 */
export function closedConnections({ client, server, arrivals, end, batch }: FloodSockets): Offer {
  const ask = (flags: number, seq: number, ack: number): PacketBatch =>
    new PacketBatch(segment(ANYONE, end, flags, seq, ack), 'source', batch);
  const answer = (flags: number, seq: number, ack: number): PacketBatch =>
    new PacketBatch(segment(end, ANYONE, flags, seq, ack), 'destination', batch);
  const syn = ask(TCP.SYN, 1, 0);
  const rest = [
    { packets: answer(TCP.SYN | TCP.ACK, 1, 2), by: server },
    { packets: ask(TCP.ACK, 2, 2), by: client },
    { packets: ask(TCP.FIN | TCP.ACK, 2, 2), by: client },
    { packets: answer(TCP.FIN | TCP.ACK, 2, 3), by: server },
    { packets: ask(TCP.ACK, 3, 3), by: client },
  ];
  return (flows) => {
    send(syn, flows, client);
    const through = arrived(arrivals, flows);
    for (const { packets, by } of rest) send(packets, [...through], by);
    drain(arrivals);
    return through;
  };
}

function segment(from: End, to: End, flags: number, seq: number, ack: number): Buffer {
  return buildTcp({
    source: from.ip,
    sourcePort: from.port,
    destination: to.ip,
    destinationPort: to.port,
    flags,
    seq,
    ack,
    window: WINDOW,
    payload: NOTHING,
  });
}

function send(packets: PacketBatch, flows: readonly Flow[], by: Fd): void {
  flows.forEach(({ ip, port }, slot) => {
    packets.set(slot, ip, port);
  });
  packets.send(by, flows.length);
}

/** Which of these flows' packets lie at the receiver; packets of others are passed over. */
function arrived(receiver: Fd, flows: readonly Flow[]): ReadonlySet<Flow> {
  const waiting = new Map(flows.map((flow) => [key(flow), flow]));
  const seen = new Set<Flow>();
  drain(receiver, (packet) => {
    const ip = packet.readUInt32BE(OFFSET.ip.source);
    const flow = waiting.get(key({ ip, port: packet.readUInt16BE(OFFSET.port.source) }));
    if (flow !== undefined) seen.add(flow);
  });
  return seen;
}

/** As one number, below 2^53: an address and a port. */
function key({ ip, port }: Flow): number {
  return ip * 65_536 + port;
}

const buffer = Buffer.allocUnsafe(LONGEST_PACKET);

function drain(receiver: Fd, see: (packet: Buffer) => void = () => undefined): void {
  while (recv(receiver, buffer) !== undefined) see(buffer);
}

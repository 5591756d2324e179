import { PacketBatch } from '../../kernel/batch.ts';
import { OFFSET, TCP } from '../../kernel/packet.ts';
import type { Fd } from '../../kernel/socket.ts';
import { ANYONE, bareSegment, type End } from './bare-packets.ts';
import type { FlowEnd, Flows } from './flows.ts';

/** The ends that all flows share. */
interface SharedEnds {
  /** Destination of the clients: a service's address, where there is DNAT. */
  readonly destination: End;
  /** The service's one endpoint: it receives the destination's packets, and the answers come from it. */
  readonly backend: End;
}

/** Makes a segment for a batch of flows. */
type Segments = (flags: number, seq: number, ack: number) => PacketBatch;

/** Makes the segments of connections: those of the clients, and those of the server. */
export function segmentsOf(
  { destination, backend }: SharedEnds,
  batch: number,
): { readonly client: Segments; readonly server: Segments } {
  return {
    client: (...how) => new PacketBatch(bareSegment(ANYONE, destination, ...how), 'source', batch),
    server: (...how) => new PacketBatch(bareSegment(backend, ANYONE, ...how), 'destination', batch),
  };
}

/** How connections open. To be sent in this order for each flow, or the node treats an answer as INVALID. */
export function handshake(
  ends: SharedEnds,
  batch: number,
): Readonly<Record<'syn' | 'synAck' | 'ack', PacketBatch>> {
  const { client, server } = segmentsOf(ends, batch);
  return {
    syn: client(TCP.SYN, 1, 0),
    synAck: server(TCP.SYN | TCP.ACK, 1, 2),
    ack: client(TCP.ACK, 2, 2),
  };
}

/** Sends one packet of each of these flows; at most a batch. */
export function sendFlows(packets: PacketBatch, by: Fd, flows: Flows, numbers: readonly number[]): void {
  if (numbers.length === 0) return;
  numbers.forEach((flow, slot) => {
    const { ip, port } = flows.end(flow);
    packets.set(slot, ip, port);
  });
  packets.send(by, numbers.length);
}

/** The source or the destination of a received packet. */
export function endIn(packet: Buffer, end: 'source' | 'destination'): FlowEnd {
  return { ip: packet.readUInt32BE(OFFSET.ip[end]), port: packet.readUInt16BE(OFFSET.port[end]) };
}

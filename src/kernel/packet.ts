import { formatIp, parseIp } from './ipv4.ts';
import { IPPROTO_TCP, IPPROTO_UDP } from './libc.ts';

/** Both ends of a packet, and its data. */
interface Packet {
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  readonly payload: Buffer;
}

/** A TCP segment in an IPv4 packet (RFC 9293, RFC 791). */
export interface TcpSegment extends Packet {
  /** 32 bits, unsigned; callers wrap sums: `(seq + 1) >>> 0`. */
  readonly seq: number;
  readonly ack: number;
  /** Bits of TCP. */
  readonly flags: number;
  /** The header's value, before any window scale. */
  readonly window: number;
}

/** The control bits of a segment (RFC 9293, section 3.1). */
export const TCP = { FIN: 0x01, SYN: 0x02, RST: 0x04, PSH: 0x08, ACK: 0x10, URG: 0x20 } as const;

const IP_HEADER = 20;
const TCP_HEADER = 20;
const UDP_HEADER = 8;
const DONT_FRAGMENT = 0x4000;
const TTL = 64;

/** Offsets in a packet without IP options; ports and checksum are in the transport header. */
export const OFFSET = {
  protocol: 9,
  ip: { source: 12, destination: 16 },
  port: { source: IP_HEADER, destination: IP_HEADER + 2 },
  tcpFlags: IP_HEADER + 13,
  checksum: { [IPPROTO_TCP]: IP_HEADER + 16, [IPPROTO_UDP]: IP_HEADER + 6 },
} as const;

/**
 * The Internet checksum (RFC 1071): the complement of the one's complement sum. 0 over bytes that contain
 * their own valid checksum.
 *
 * @param sum of the preceding 16-bit words
 */
export function checksum(bytes: Buffer, sum = 0): number {
  for (let i = 0; i + 1 < bytes.length; i += 2) sum += bytes.readUInt16BE(i);
  if (bytes.length % 2 === 1) sum += (bytes.at(-1) ?? 0) << 8;
  return ~fold(sum) & 0xffff;
}

/** Adds the carries back into a sum of 16-bit words. */
export function fold(sum: number): number {
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return sum;
}

/** Checksum of the TCP or UDP part with its pseudo header (RFC 9293 section 3.1, RFC 768); 0 if valid. */
export function transportChecksum(packet: Buffer): number {
  const transport = packet.subarray(headerLength(packet));
  const addresses = ~checksum(packet.subarray(OFFSET.ip.source, IP_HEADER)) & 0xffff;
  return checksum(transport, addresses + packet.readUInt8(OFFSET.protocol) + transport.length);
}

/** An IPv4 packet with valid checksums. */
export function buildTcp(segment: TcpSegment): Buffer {
  const packet = buildIp(segment, IPPROTO_TCP, TCP_HEADER);
  packet.writeUInt32BE(segment.seq, IP_HEADER + 4);
  packet.writeUInt32BE(segment.ack, IP_HEADER + 8);
  packet.writeUInt8((TCP_HEADER / 4) << 4, IP_HEADER + 12);
  packet.writeUInt8(segment.flags, IP_HEADER + 13);
  packet.writeUInt16BE(segment.window, IP_HEADER + 14);
  packet.writeUInt16BE(transportChecksum(packet), OFFSET.checksum[IPPROTO_TCP]);
  return packet;
}

/** A datagram (RFC 768) likewise. A UDP checksum of 0 is sent as 0xffff, since 0 means none. */
export function buildUdp(datagram: Packet): Buffer {
  const packet = buildIp(datagram, IPPROTO_UDP, UDP_HEADER);
  packet.writeUInt16BE(UDP_HEADER + datagram.payload.length, IP_HEADER + 4);
  packet.writeUInt16BE(transportChecksum(packet) || 0xffff, OFFSET.checksum[IPPROTO_UDP]);
  return packet;
}

/**
 * Parses a segment. Skips IP and TCP options, and checksums: packets that never left the machine may carry
 * unfinished ones.
 *
 * @throws Error where the bytes are no IPv4 packet with TCP in it
 */
export function parseTcp(packet: Buffer): TcpSegment {
  const at = tcpOf(packet);
  return {
    source: formatIp(packet.readUInt32BE(OFFSET.ip.source)),
    sourcePort: packet.readUInt16BE(at),
    destination: formatIp(packet.readUInt32BE(OFFSET.ip.destination)),
    destinationPort: packet.readUInt16BE(at + 2),
    seq: packet.readUInt32BE(at + 4),
    ack: packet.readUInt32BE(at + 8),
    flags: packet.readUInt8(at + 13) & 0x3f,
    window: packet.readUInt16BE(at + 14),
    payload: packet.subarray(at + (packet.readUInt8(at + 12) >> 4) * 4, packet.readUInt16BE(2)),
  };
}

/** RFC 791 without options; id 0, since a packet that is never fragmented needs none (RFC 6864). */
function buildIp({ payload, ...end }: Packet, protocol: number, transport: number): Buffer {
  const packet = Buffer.alloc(IP_HEADER + transport + payload.length);
  packet.writeUInt8(0x45, 0);
  packet.writeUInt16BE(packet.length, 2);
  packet.writeUInt16BE(DONT_FRAGMENT, 6);
  packet.writeUInt8(TTL, 8);
  packet.writeUInt8(protocol, OFFSET.protocol);
  packet.writeUInt32BE(parseIp(end.source), OFFSET.ip.source);
  packet.writeUInt32BE(parseIp(end.destination), OFFSET.ip.destination);
  packet.writeUInt16BE(checksum(packet.subarray(0, IP_HEADER)), 10);
  packet.writeUInt16BE(end.sourcePort, OFFSET.port.source);
  packet.writeUInt16BE(end.destinationPort, OFFSET.port.destination);
  payload.copy(packet, IP_HEADER + transport);
  return packet;
}

function headerLength(packet: Buffer): number {
  return (packet.readUInt8(0) & 0x0f) * 4;
}

/** Offset of the TCP header. */
function tcpOf(packet: Buffer): number {
  const at = packet.length < IP_HEADER ? IP_HEADER : headerLength(packet);
  const fits = packet.length >= at + TCP_HEADER && packet.readUInt16BE(2) <= packet.length;
  if (!fits || packet.readUInt8(0) >> 4 !== 4 || packet.readUInt8(OFFSET.protocol) !== IPPROTO_TCP) {
    throw new Error(
      `not an IPv4 packet of protocol ${String(IPPROTO_TCP)}: ${packet.toString('hex', 0, 40)}`,
    );
  }
  return at;
}

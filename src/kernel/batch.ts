import { AF_INET, addressOf, sendmmsg } from './libc.ts';
import { fold, OFFSET } from './packet.ts';
import type { Fd } from './socket.ts';

/** sizeof(struct mmsghdr), struct iovec and struct sockaddr_in with 64-bit pointers. */
const MMSGHDR = 64;
const IOVEC = 16;
const SOCKADDR = 16;

/**
 * Copies of one packet that differ in one end, sent in one system call. Structures are laid out once; a copy
 * is changed in place, its checksum by the difference (RFC 1624).
 */
export class PacketBatch {
  readonly slots: number;
  readonly #size: number;
  readonly #packets: Buffer;
  readonly #addresses: Buffer;
  readonly #messages: Buffer;
  /** Referenced by address from the messages, so they must stay alive. */
  readonly #vectors: Buffer;
  readonly #ip: number;
  readonly #port: number;
  readonly #checksum: number;
  /** The complement of the template's checksum. */
  readonly #sum: number;

  /**
   * @param template an IPv4 packet of buildTcp or buildUdp with 0.0.0.0:0 as the varying end
   * @param end the end that varies
   */
  constructor(template: Buffer, end: 'source' | 'destination', slots: number) {
    this.slots = slots;
    this.#size = template.length;
    this.#ip = OFFSET.ip[end];
    this.#port = OFFSET.port[end];
    this.#checksum = OFFSET.checksum[template.readUInt8(OFFSET.protocol) as keyof typeof OFFSET.checksum];
    this.#sum = ~template.readUInt16BE(this.#checksum) & 0xffff;
    this.#packets = Buffer.alloc(slots * this.#size, template);
    this.#addresses = Buffer.alloc(slots * SOCKADDR);
    this.#vectors = Buffer.alloc(slots * IOVEC);
    this.#messages = Buffer.alloc(slots * MMSGHDR);
    for (let slot = 0; slot < slots; slot++) this.#layOut(slot);
  }

  #layOut(slot: number): void {
    const address = slot * SOCKADDR;
    this.#addresses.writeUInt16LE(AF_INET, address);
    this.#packets.copy(this.#addresses, address + 4, OFFSET.ip.destination, OFFSET.ip.destination + 4);
    const vector = slot * IOVEC;
    this.#vectors.writeBigUInt64LE(addressOf(this.#packets) + BigInt(slot * this.#size), vector);
    this.#vectors.writeBigUInt64LE(BigInt(this.#size), vector + 8);
    const header = slot * MMSGHDR;
    this.#messages.writeBigUInt64LE(addressOf(this.#addresses) + BigInt(address), header);
    this.#messages.writeUInt32LE(SOCKADDR, header + 8);
    this.#messages.writeBigUInt64LE(addressOf(this.#vectors) + BigInt(vector), header + 16);
    this.#messages.writeBigUInt64LE(1n, header + 24);
  }

  /** Sets the varying end of one copy. */
  set(slot: number, address: number, port: number): void {
    const at = slot * this.#size;
    this.#packets.writeUInt32BE(address, at + this.#ip);
    this.#packets.writeUInt16BE(port, at + this.#port);
    const sum = fold(this.#sum + (address >>> 16) + (address & 0xffff) + port);
    // Both zeros of one's complement verify; in UDP, 0 means no checksum (RFC 768).
    this.#packets.writeUInt16BE(~sum & 0xffff || 0xffff, at + this.#checksum);
    if (this.#ip === OFFSET.ip.destination) this.#addresses.writeUInt32BE(address, slot * SOCKADDR + 4);
  }

  /** A copy of the packet in this slot. */
  packet(slot: number): Buffer {
    return Buffer.from(this.#packets.subarray(slot * this.#size, (slot + 1) * this.#size));
  }

  /**
   * Sends the first `count` copies in order through a raw socket.
   *
   * @throws ErrnoError of sendmmsg(2)
   */
  send(raw: Fd, count: number): void {
    for (let sent = 0; sent < count;) {
      sent += sendmmsg(raw, this.#messages.subarray(sent * MMSGHDR), count - sent);
    }
  }
}

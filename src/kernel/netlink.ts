/**
 * The part of netlink's wire format that a lab needs (include/uapi/linux/{netlink,netfilter/nfnetlink}.h, RFC
 * 3549). Netlink's headers are in host byte order, netfilter's payloads in network byte order.
 */

export const NLM_F = { request: 0x1, ack: 0x4, dump: 0x300, excl: 0x200, create: 0x400 } as const;
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;
const NLA_F_NESTED = 0x8000;
const AF_INET = 2;
const NFGENMSG = Buffer.from([AF_INET, 0, 0, 0]);

export function u8(value: number): Buffer {
  return Buffer.from([value]);
}

export function be16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16BE(value);
  return buffer;
}

export function be32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}

/** struct nlattr and its payload, padded to four bytes. */
export function attribute(type: number, payload: Buffer): Buffer {
  const buffer = Buffer.alloc(4 + Math.ceil(payload.length / 4) * 4);
  buffer.writeUInt16LE(4 + payload.length, 0);
  buffer.writeUInt16LE(type, 2);
  payload.copy(buffer, 4);
  return buffer;
}

/** An attribute made of attributes. */
export function nest(type: number, ...attributes: readonly Buffer[]): Buffer {
  return attribute(type | NLA_F_NESTED, Buffer.concat(attributes));
}

/** struct nlmsghdr (16 bytes, sequence 0), the family's own header, and the attributes. */
export function request(type: number, flags: number, ...parts: readonly Buffer[]): Buffer {
  const whole = Buffer.concat([Buffer.alloc(16), ...parts]);
  whole.writeUInt32LE(whole.length, 0);
  whole.writeUInt16LE(type, 4);
  whole.writeUInt16LE(NLM_F.request | flags, 6);
  return whole;
}

/** A request of netfilter, with struct nfgenmsg (4 bytes, IPv4). */
export function message(type: number, flags: number, ...attributes: readonly Buffer[]): Buffer {
  return request(type, flags, NFGENMSG, ...attributes);
}

/** Parses struct nlmsgerr: errno 0 is an acknowledgement; `sequence` is that of the request. */
export function readError(answer: Buffer): { errno: number; sequence: number } {
  const type = answer.readUInt16LE(4);
  if (type !== NLMSG_ERROR) throw new Error(`netlink: unexpected answer of type ${String(type)}`);
  return { errno: -answer.readInt32LE(16), sequence: answer.readUInt32LE(8) };
}

/** The messages of one answer, each with its header. The views share the buffer's memory. */
export function* messagesIn(page: Buffer): Generator<Buffer> {
  for (let at = 0; at < page.length;) {
    const size = page.readUInt32LE(at);
    yield page.subarray(at, at + size);
    at += Math.ceil(size / 4) * 4;
  }
}

const NLA_TYPE_MASK = 0x3fff;

/** Payloads of consecutive attributes, by type. The views share the buffer's memory. */
export function attributes(run: Buffer = Buffer.alloc(0)): ReadonlyMap<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= run.length;) {
    const length = run.readUInt16LE(at);
    found.set(run.readUInt16LE(at + 2) & NLA_TYPE_MASK, run.subarray(at + 4, at + length));
    at += Math.max(4, Math.ceil(length / 4) * 4);
  }
  return found;
}

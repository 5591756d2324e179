import { AF_INET } from './libc.ts';

/**
 * The number of an IPv4 address: `198.18.0.1` is 0xc6120001.
 *
 * @throws Error naming the text where it is no dotted quad
 */
export function parseIp(text: string): number {
  const bytes = text.split('.');
  const valid = bytes.length === 4 && bytes.every((byte) => /^\d{1,3}$/.test(byte) && Number(byte) < 256);
  if (!valid) throw new Error(`${text} is not an IPv4 address; write four numbers below 256: 10.244.0.2`);
  return bytes.reduce((number, byte) => number * 256 + Number(byte), 0);
}

/** The address of a number: 0xc6120001 is `198.18.0.1`. */
export function formatIp(number: number): string {
  return [24, 16, 8, 0].map((shift) => String((number >>> shift) & 0xff)).join('.');
}

/** struct sockaddr_in (include/uapi/linux/in.h), 16 bytes. */
export function sockaddr(ip: number, port: number): Buffer {
  const address = Buffer.alloc(16);
  address.writeUInt16LE(AF_INET, 0);
  address.writeUInt16BE(port, 2);
  address.writeUInt32BE(ip, 4);
  return address;
}

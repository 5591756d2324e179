import type { NetNamespace } from '../kernel/netns.ts';
import { udpSocket } from '../kernel/socket.ts';
import { openSender, serveDatagrams } from './datagrams.ts';

/** A datagram's number and the port of its receipt, big-endian. */
const NUMBER_BYTES = 4;
const BYTES = 6;

/** A datagram to a sink. @param receipts the port of the sender at which the sink's receipt is awaited */
export function datagram(number: number, receipts: number): Buffer {
  const buffer = Buffer.alloc(BYTES);
  buffer.writeUInt32BE(number);
  buffer.writeUInt16BE(receipts, NUMBER_BYTES);
  return buffer;
}

/**
 * Takes datagrams, like statsd or syslog. A receipt for each goes out from the next port: to conntrack it is
 * another flow, so that the datagram's own stays without an answer.
 */
export function openSink(pod: NetNamespace, ip: string, port: number): void {
  const receipt = openSender(udpSocket(pod, ip, port + 1));
  serveDatagrams(udpSocket(pod, ip, port), (message, { address }) => {
    if (message.length === BYTES)
      receipt(message.subarray(0, NUMBER_BYTES), message.readUInt16BE(NUMBER_BYTES), address);
  });
}

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { decode, encode, streamEncode, type Packet } from 'dns-packet';
import { expect, it } from 'vitest';
import { tcpListener, udpSocket } from '../../../src/kernel/socket.ts';
import { serveDns } from '../../../src/server/dns-transport.ts';
import { datagram, openSink } from '../../../src/server/udp-sink.ts';
import { freePort, HERE, IP } from '../load/engine/loopback.ts';

/** The first datagram that comes back for the last of these. */
async function answerTo(port: number, ...sent: readonly Uint8Array[]): Promise<Buffer> {
  const client = createSocket('udp4').bind(0, IP);
  await once(client, 'listening');
  const answered = once(client, 'message');
  for (const message of sent) client.send(message, port, IP);
  const [message] = (await answered) as [Buffer];
  client.close();
  return message;
}

const QUERY: Packet = { type: 'query', id: 7, questions: [{ type: 'A', name: 'web' }] };

it('a DNS server answers on after a datagram that is no query, and ends a stream that has none', async () => {
  const port = await freePort();
  const answer: Packet = { type: 'response', id: 7 };
  using _ = serveDns(udpSocket(HERE, IP, port), tcpListener(HERE, IP, port), () => answer);
  expect(decode(await answerTo(port, Buffer.from('hi\n'), encode(QUERY))).id).toBe(7);
  const stream = connect(port, IP);
  stream.on('error', () => undefined).write(Buffer.from([0, 3, 1, 2, 3]));
  await once(stream, 'close');
  const next = connect(port, IP);
  next.write(streamEncode(QUERY));
  const [bytes] = (await once(next, 'data')) as [Buffer];
  expect(decode(bytes.subarray(2)).id).toBe(7);
  next.destroy();
});

it('a sink sends no receipt to port 0, and takes the next datagram', async () => {
  const port = await freePort();
  const receipts = createSocket('udp4').bind(0, IP);
  await once(receipts, 'listening');
  const received = once(receipts, 'message');
  openSink(HERE, IP, port);
  const client = createSocket('udp4');
  client.send(datagram(1, 0), port, IP);
  client.send(datagram(2, receipts.address().port), port, IP);
  const [receipt] = (await received) as [Buffer];
  expect(receipt.readUInt32BE()).toBe(2);
  client.close();
  receipts.close();
});

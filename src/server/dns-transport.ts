import { createServer, type Socket } from 'node:net';
import { decode, encode, streamDecode, streamEncode, type Packet } from 'dns-packet';
import { serveDatagrams } from './datagrams.ts';

/** @param over the query's transport */
export type Answer = (query: Packet, over: 'udp' | 'tcp') => Packet | Promise<Packet>;

/**
 * Answers queries over UDP and TCP until disposed, which closes open connections.
 *
 * @param udp and
 * @param tcp bound sockets, made in the namespace they serve
 */
export function serveDns(udp: number, tcp: number, answer: Answer): Disposable {
  let closed = false;
  const datagrams = serveDatagrams(udp, (message, { port, address }, send) => {
    const query = parsed(() => decode(message));
    if (query === undefined) return;
    void respond(answer, 'udp', query, (reply) => {
      if (!closed) send(encode(reply), port, address);
    });
  });
  const open = new Set<Socket>();
  const streams = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined).once('close', () => open.delete(socket));
    onMessages(socket, (query) => {
      void respond(answer, 'tcp', query, (reply) => {
        if (socket.writable) socket.write(streamEncode(reply));
      });
    });
  }).listen({ fd: tcp });
  return {
    [Symbol.dispose]() {
      closed = true;
      datagrams.close();
      streams.close();
      for (const socket of open) socket.destroy();
    },
  };
}

async function respond(
  answer: Answer,
  over: 'udp' | 'tcp',
  query: Packet,
  send: (reply: Packet) => void,
): Promise<void> {
  send(await answer(query, over));
}

/** @returns undefined where it can't be read as a DNS message, which a server ignores */
function parsed(read: () => Packet): Packet | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/**
 * Each message of a stream, after its length (RFC 1035, 4.2.2). A message that can't be read ends the stream: the next
 * one could begin anywhere.
 */
export function onMessages(socket: Socket, told: (message: Packet) => void): void {
  let received = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= received.readUInt16BE() + 2) {
      const end = received.readUInt16BE() + 2;
      const message = parsed(() => streamDecode(received.subarray(0, end)));
      if (message === undefined) {
        socket.destroy();
        return;
      }
      told(message);
      received = received.subarray(end);
    }
  });
}

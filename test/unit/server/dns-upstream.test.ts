import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { streamEncode, type Packet } from 'dns-packet';
import { expect, it } from 'vitest';
import { onMessages } from '../../../src/server/dns-transport.ts';
import { DnsUpstream } from '../../../src/server/dns-upstream.ts';
import { HERE } from '../support/here.ts';

const QUERY: Packet = { type: 'query', id: 7, questions: [{ type: 'A', name: 'web' }] };

/** A DNS server that acts as given on the queries of its nth connection. */
async function serverThat(acts: (socket: Socket, connection: number, query: Packet) => void) {
  let connections = 0;
  const server = createServer((socket) => {
    const connection = ++connections;
    socket.on('error', () => undefined);
    onMessages(socket, (query) => {
      acts(socket, connection, query);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const upstream = new DnsUpstream(HERE, '127.0.0.1', (server.address() as AddressInfo).port);
  return {
    upstream,
    connections: () => connections,
    [Symbol.dispose]() {
      upstream[Symbol.dispose]();
      server.close();
    },
  };
}

const answer = (socket: Socket, { id }: Packet): void => {
  socket.write(streamEncode({ type: 'response', ...(id !== undefined && { id }), answers: [] }));
};

it('many queries go down one connection, each under a number of its own', async () => {
  const seen = new Set<number | undefined>();
  using there = await serverThat((socket, _, query) => {
    seen.add(query.id);
    answer(socket, query);
  });
  await Promise.all(Array.from({ length: 20 }, () => there.upstream.ask(QUERY)));
  expect([seen.size, there.connections()]).toEqual([20, 1]);
});

it('a query has a second chance where its connection breaks, and no third', async () => {
  using answering = await serverThat((socket, connection, query) => {
    if (connection === 1) socket.destroy();
    else answer(socket, query);
  });
  await expect(answering.upstream.ask(QUERY)).resolves.toMatchObject({ type: 'response' });
  using broken = await serverThat((socket) => socket.destroy());
  await expect(broken.upstream.ask(QUERY)).rejects.toThrow('the connection broke');
  expect(broken.connections()).toBe(2);
});

it('its connection ends with a reset: an unanswered FIN would hold the namespace of the lab', async () => {
  const ended = Promise.withResolvers<unknown>();
  using there = await serverThat((socket, _, query) => {
    socket.once('error', ended.resolve).once('end', () => {
      ended.resolve('a FIN');
    });
    answer(socket, query);
  });
  await there.upstream.ask(QUERY);
  there.upstream[Symbol.dispose]();
  await expect(ended.promise).resolves.toMatchObject({ code: 'ECONNRESET' });
});

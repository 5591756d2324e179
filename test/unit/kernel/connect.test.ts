import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { untilAccepted } from '../../../src/kernel/connect.ts';
import { HERE } from '../support/here.ts';

const LOCAL = '127.0.0.1';

async function listening(port = 0): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined)).listen(port, LOCAL);
  await once(server, 'listening');
  return server;
}

/** A port on which nothing listens. */
async function freePort(): Promise<number> {
  await using server = await listening();
  return (server.address() as AddressInfo).port;
}

describe('a wait for a server', () => {
  it('ends once the server accepts connections, and holds none', async () => {
    const port = await freePort();
    const waiting = untilAccepted(HERE, LOCAL, port, { withinMs: 10_000, everyMs: 5 });
    await using server = await listening(port);
    await waiting;
    await expect
      .poll(
        () =>
          new Promise((resolve) =>
            server.getConnections((_, count) => {
              resolve(count);
            }),
          ),
      )
      .toBe(0);
  });

  it('fails as the last attempt did where none comes', async () => {
    const waiting = untilAccepted(HERE, LOCAL, await freePort(), { withinMs: 20, everyMs: 5 });
    await expect(waiting).rejects.toThrow('ECONNREFUSED');
  });
});

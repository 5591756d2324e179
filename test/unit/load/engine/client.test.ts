import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, describe, it } from 'vitest';
import { accept, close, listen, send } from '../../../../src/kernel/nonblocking.ts';
import { tcpListener } from '../../../../src/kernel/socket.ts';
import { ANSWERED, EMPTY, NO_ANSWER, NOT_CONNECTED } from '../../../../src/load/engine/protocol.ts';
import { ANSWER, freePort, HERE, IP, LoopbackClient, serving, standStill } from './loopback.ts';

/** The outcome of one request to a server that acts so. */
async function outcomeWith(asked: (socket: Socket) => void): Promise<string | undefined> {
  await using server = await serving(asked);
  using client = new LoopbackClient();
  client.ask(server.port);
  return (await client.outcomes())[0]?.outcome;
}

/** A listener with a full queue: the kernel drops every further SYN until one is accepted. */
async function crowded(client: LoopbackClient) {
  const port = await freePort();
  const listener = tcpListener(HERE, IP, port);
  listen(listener, 0);
  client.ask(port);
  await delay(50);
  return { port, listener };
}

describe('A request of the engine', () => {
  it('ends with its answer, and its connection is closed', async () => {
    const closed = Promise.withResolvers<unknown>();
    await using server = await serving((socket) => {
      socket.once('end', closed.resolve);
      socket.write(ANSWER);
    });
    using client = new LoopbackClient();
    client.ask(server.port);
    expect(await client.outcomes()).toMatchObject([{ id: 0, outcome: ANSWERED, resent: 0 }]);
    await closed.promise;
  });

  it.each([
    ['an HTTP status that is an error', 'HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\n\r\n', '503'],
    ['an answer whose length is that of the connection', 'HTTP/1.0 200 OK\r\n\r\nhello', ANSWERED],
    ['what is no answer', 'SSH-2.0-OpenSSH_9.6\r\n', EMPTY],
    ['a body that is cut off', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi', EMPTY],
  ])('tells %s where the server closes after it', async (_, text, outcome) => {
    expect(await outcomeWith((socket) => socket.end(text))).toBe(outcome);
  });

  it('puts an answer together that comes in pieces, through the status line too', async () => {
    const pieces = ['HTT', 'P/1.1 4', '04 Not Found\r\nContent-Le', 'ngth: 2\r\n\r', '\nh', 'i'];
    const outcome = await outcomeWith((socket) => {
      socket.setNoDelay();
      const next = (): void => {
        const piece = pieces.shift();
        if (piece !== undefined) socket.write(piece, () => setTimeout(next, 5));
      };
      next();
    });
    expect([outcome, pieces]).toEqual(['404', []]);
  });

  it('says that nobody listens', async () => {
    using client = new LoopbackClient();
    client.ask(await freePort());
    expect((await client.outcomes())[0]?.outcome).toBe('ECONNREFUSED');
  });

  it('says that the server has reset the connection', async () => {
    expect(await outcomeWith((socket) => socket.resetAndDestroy())).toBe('ECONNRESET');
  });

  it('says that the server has closed without an answer', async () => {
    expect(await outcomeWith((socket) => socket.end())).toBe(EMPTY);
  });

  it('is given up where its connection is not made in time, and counts the SYNs sent again', async () => {
    using client = new LoopbackClient();
    const { port, listener } = await crowded(client);
    client.ask(port, { connectWithin: 1300 });
    await client.until(() => client.ended.length === 1);
    expect(client.ended).toMatchObject([{ id: 1, outcome: NOT_CONNECTED, resent: 1 }]);
    close(listener);
  });

  it('is not connected where epoll reports its socket while the kernel still sends SYNs', async () => {
    using client = new LoopbackClient();
    const { port, listener } = await crowded(client);
    client.ask(port, { connectWithin: 50 });
    client.reportAll();
    await client.until(() => client.ended.length === 1);
    expect(client.ended).toMatchObject([{ id: 1, outcome: NOT_CONNECTED }]);
    close(listener);
  });

  it('counts the SYN sent again of a connection that is made after all', async () => {
    using client = new LoopbackClient();
    const { port, listener } = await crowded(client);
    client.ask(port);
    const answerNext = async (): Promise<void> => {
      let fd = accept(listener);
      await client.until(() => fd >= 0 || (fd = accept(listener)) >= 0);
      send(fd, Buffer.from(ANSWER));
      close(fd);
    };
    await delay(100);
    await answerNext();
    await answerNext();
    expect(await client.outcomes()).toMatchObject([
      { id: 0, outcome: ANSWERED, resent: 0 },
      { id: 1, outcome: ANSWERED, resent: 1 },
    ]);
    close(listener);
  });

  it('is given up where the answer does not come in time, and the server learns that by a reset', async () => {
    const reset = Promise.withResolvers<unknown>();
    await using server = await serving((socket) => socket.once('error', reset.resolve));
    using client = new LoopbackClient();
    client.ask(server.port, { answerWithin: 30 });
    expect((await client.outcomes())[0]?.outcome).toBe(NO_ANSWER);
    expect(await reset.promise).toMatchObject({ code: 'ECONNRESET' });
  });

  it('has all its time for the answer once the connection stands', async () => {
    await using server = await serving((socket) => setTimeout(() => socket.write(ANSWER), 150));
    using client = new LoopbackClient();
    client.ask(server.port, { connectWithin: 50 });
    expect((await client.outcomes())[0]?.outcome).toBe(ANSWERED);
  });

  it('is not given up where the kernel made the connection while the thread did not look', async () => {
    await using server = await serving((socket) => socket.write(ANSWER));
    using client = new LoopbackClient();
    client.ask(server.port, { connectWithin: 10 });
    standStill(50);
    client.sweep();
    expect((await client.outcomes())[0]?.outcome).toBe(ANSWERED);
  });

  it('says for how long its answer lay in the socket before it was read', async () => {
    let answered = false;
    await using server = await serving((socket) => {
      answered = socket.write(ANSWER);
    });
    using client = new LoopbackClient();
    client.ask(server.port);
    await client.until(() => answered);
    standStill(100);
    const [ended] = await client.outcomes();
    expect(ended?.unread).toBeGreaterThan(80);
  });

  it('is one of many at once, of which each gets its own answer', async () => {
    let asked = 0;
    await using server = await serving((socket) => socket.end(++asked % 2 === 0 ? ANSWER : ''));
    using client = new LoopbackClient();
    for (let i = 0; i < 100; i++) client.ask(server.port);
    const ended = await client.outcomes();
    expect(new Set(ended.map(({ id }) => id)).size).toBe(100);
    expect(ended.filter(({ outcome }) => outcome === ANSWERED)).toHaveLength(50);
    expect(ended.filter(({ outcome }) => outcome === EMPTY)).toHaveLength(50);
  });

  it('is reset where the client ends before it does', async () => {
    const reset = Promise.withResolvers<unknown>();
    await using server = await serving((socket) => socket.once('error', reset.resolve));
    {
      using client = new LoopbackClient();
      client.ask(server.port);
      const deadline = performance.now() + 50;
      await client.until(() => performance.now() > deadline);
    }
    expect(await reset.promise).toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('A connection that the engine holds open', () => {
  it('stays open until it is released, and is reset then', async () => {
    let end: string | undefined;
    await using server = await serving((socket) => {
      for (const name of ['end', 'error', 'close']) socket.once(name, () => (end ??= name));
      socket.write(ANSWER);
    });
    using client = new LoopbackClient();
    client.ask(server.port, { afterwards: 'hold' });
    expect((await client.outcomes())[0]?.outcome).toBe(ANSWERED);
    await delay(50);
    expect(end).toBeUndefined();
    client.release();
    await expect.poll(() => end).toBe('error');
  });

  it('wakes nobody when its server resets it', async () => {
    const asked = Promise.withResolvers<Socket>();
    await using server = await serving((socket) => {
      socket.write(ANSWER);
      asked.resolve(socket);
    });
    using client = new LoopbackClient();
    client.ask(server.port, { afterwards: 'hold' });
    await client.outcomes();
    const socket = await asked.promise;
    socket.resetAndDestroy();
    await once(socket, 'close');
    client.events = 0;
    const deadline = performance.now() + 50;
    await client.until(() => performance.now() > deadline);
    expect(client.events).toBe(0);
  });

  it('that is leaked ends with the server’s close, and is not closed itself', async () => {
    let closed = false;
    await using server = await serving((socket) => {
      socket.once('end', () => (closed = true));
      socket.write(ANSWER);
      setTimeout(() => socket.end(), 50);
    });
    using client = new LoopbackClient();
    const began = performance.now();
    client.ask(server.port, { afterwards: 'leak' });
    const [ended] = await client.outcomes();
    expect(ended?.outcome).toBe(ANSWERED);
    expect(performance.now() - began).toBeGreaterThan(45);
    await delay(50);
    expect(closed).toBe(false);
  });
});

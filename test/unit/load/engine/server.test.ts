import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, describe, it } from 'vitest';
import { Epoll } from '../../../../src/kernel/epoll.ts';
import { tcpListener } from '../../../../src/kernel/socket.ts';
import { HttpServer } from '../../../../src/load/engine/http-server.ts';
import { freePort, HERE, IP } from './loopback.ts';

const ASK = 'GET / HTTP/1.1\r\nHost: web\r\n\r\n';
const LAST = 'GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n';

describe('The HTTP server of the engine', () => {
  let epoll: Epoll;
  let server: HttpServer;
  let port: number;
  let open: Socket[];
  beforeEach(async () => {
    epoll = new Epoll();
    server = new HttpServer(epoll);
    port = await freePort();
    server.listen(tcpListener(HERE, IP, port));
    open = [];
  });
  afterEach(() => {
    for (const socket of open) socket.destroy();
    server[Symbol.dispose]();
    epoll[Symbol.dispose]();
  });

  async function until(done: () => boolean): Promise<void> {
    while (!done()) {
      epoll.wait(1, (fd) => {
        server.ready(fd);
      });
      await setImmediate();
    }
  }
  /** A connection, the data received so far, and whether the server has closed it. */
  function client() {
    const socket = connect({ host: IP, port, allowHalfOpen: true });
    const seen = { socket, text: '', ended: false };
    socket.on('error', () => undefined);
    socket.on('data', (data) => (seen.text += data.toString()));
    socket.once('end', () => (seen.ended = true));
    open.push(socket);
    return seen;
  }
  const answers = ({ text }: { text: string }): number => text.split('HTTP/1.1 200 OK').length - 1;

  it('answers a request, and closes where the client wants that', async () => {
    const one = client();
    one.socket.write(LAST);
    await until(() => one.ended);
    expect(one.text).toBe(
      'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 11\r\nConnection: close\r\n\r\nsimple-app\n',
    );
  });

  it('keeps a connection, and answers what comes on it in pieces and several at a time', async () => {
    const one = client();
    one.socket.setNoDelay();
    one.socket.write(ASK.slice(0, 9));
    await once(one.socket, 'connect');
    const deadline = performance.now() + 30;
    await until(() => performance.now() > deadline);
    expect(one.text).toBe('');
    one.socket.write(`${ASK.slice(9)}${ASK}${ASK.slice(0, 20)}`);
    await until(() => answers(one) === 2);
    expect(one.ended).toBe(false);
    one.socket.write(`${ASK.slice(20)}${LAST.slice(0, -6)}`);
    await until(() => answers(one) === 3);
    one.socket.write(LAST.slice(-6));
    await until(() => one.ended);
    expect(answers(one)).toBe(4);
  });

  it('answers a request that comes long after its connection', async () => {
    const one = client();
    await once(one.socket, 'connect');
    const deadline = performance.now() + 30;
    await until(() => performance.now() > deadline);
    one.socket.write(LAST);
    await until(() => one.ended);
    expect(answers(one)).toBe(1);
  });

  it('closes what its client closes, and outlives one that resets', async () => {
    const [gone, reset] = [client(), client()];
    await Promise.all([gone, reset].map(({ socket }) => once(socket, 'connect')));
    const deadline = performance.now() + 30;
    await until(() => performance.now() > deadline);
    gone.socket.end();
    reset.socket.resetAndDestroy();
    await until(() => gone.ended);
    const next = client();
    next.socket.write(LAST);
    await until(() => next.ended);
    expect([gone, next].map(answers)).toEqual([0, 1]);
  });

  it('answers many that come at once', async () => {
    const all = Array.from({ length: 100 }, client);
    for (const { socket } of all) socket.write(LAST);
    await until(() => all.every(({ ended }) => ended));
    expect(all.filter((each) => answers(each) === 1)).toHaveLength(100);
  });
});

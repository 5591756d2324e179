import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { Epoll } from '../../../../src/kernel/epoll.ts';
import { NetNamespace } from '../../../../src/kernel/netns.ts';
import { tcpSocket } from '../../../../src/kernel/socket.ts';
import { HttpClient } from '../../../../src/load/engine/http-client.ts';
import type { Ended, Request } from '../../../../src/load/engine/protocol.ts';

/**
 * The machine's own namespace. Its table keeps closed connections for 120 s, so a test opens at most a
 * hundred.
 */
export const HERE = NetNamespace.open('/proc/self/ns/net');
export const IP = '127.0.0.1';
export const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi';
const TOO_LONG_MS = 30_000;

/** The engine's client on the test's thread, which may do other work instead of blocking. */
export class LoopbackClient implements Disposable {
  readonly ended: Ended[] = [];
  /** Events that epoll has reported. */
  events = 0;
  readonly #epoll = new Epoll();
  readonly #client = new HttpClient(
    this.#epoll,
    () => performance.now(),
    (ended) => {
      this.ended.push(ended);
    },
  );
  /** Of all requests, in order. */
  readonly #fds: number[] = [];

  ask(port: number, how: Partial<Request> = {}): void {
    const patient = { connectWithin: TOO_LONG_MS, answerWithin: TOO_LONG_MS, afterwards: 'close' } as const;
    const fd = tcpSocket(HERE);
    const id = this.#fds.push(fd) - 1;
    this.#client.start({ id, fd, ip: IP, port, ...patient, ...how });
  }

  /** Reports each socket, as epoll does where an ICMP message came for it. */
  reportAll(): void {
    for (const fd of this.#fds) this.#client.ready(fd);
  }

  async until(done: () => boolean): Promise<void> {
    while (!done()) {
      this.#epoll.wait(1, (fd) => {
        this.events++;
        this.#client.ready(fd);
      });
      this.#client.sweep();
      await setImmediate();
    }
  }

  /** The outcomes of all requests, in order. */
  async outcomes(): Promise<readonly Ended[]> {
    await this.until(() => this.ended.length === this.#fds.length);
    return this.ended;
  }

  /** Checks deadlines before pending events. */
  sweep(): void {
    this.#client.sweep();
  }

  release(): void {
    this.#client.release();
  }

  [Symbol.dispose](): void {
    this.#client[Symbol.dispose]();
    this.#epoll[Symbol.dispose]();
  }
}

/** A loopback server that acts as given on each request. */
export async function serving(asked: (socket: Socket) => void): Promise<{ port: number } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      asked(socket);
    });
  });
  return {
    port: await portOf(server),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A port without a listener. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

async function portOf(server: Server): Promise<number> {
  server.listen(0, IP);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Blocks, like a thread without a CPU. */
export function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

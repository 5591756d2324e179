import { constants } from 'node:os';
import type { Epoll } from '../../kernel/epoll.ts';
import { accept, close, EPOLLIN, listen, recv, send } from '../../kernel/nonblocking.ts';

/** A burst of connections waits here; a full queue would drop SYNs and look like conntrack. */
const BACKLOG = 4096;
const BODY = 'simple-app\n';
const HEAD = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${String(BODY.length)}\r\n`;
const LAST_ANSWER = Buffer.from(`${HEAD}Connection: close\r\n\r\n${BODY}`);
const ANSWER = Buffer.from(`${HEAD}Connection: keep-alive\r\n\r\n${BODY}`);
const { EAGAIN } = constants.errno;
/** Connections accepted in one go before pending requests are answered. */
const ACCEPT_AT_ONCE = 64;

/**
 * An HTTP server by system calls, with one answer to every GET. It closes first where the client asks for
 * that.
 */
export class HttpServer implements Disposable {
  readonly #epoll: Epoll;
  readonly #listeners = new Set<number>();
  /** Partial requests by connection; almost always empty. */
  readonly #connections = new Map<number, string>();
  readonly #into = Buffer.alloc(16 * 1024);

  constructor(epoll: Epoll) {
    this.#epoll = epoll;
  }

  /** @param fd a bound socket; the engine closes it */
  listen(fd: number): void {
    listen(fd, BACKLOG);
    this.#listeners.add(fd);
    this.#epoll.add(fd, EPOLLIN);
  }

  /** Handles an event on a descriptor. */
  ready(fd: number): void {
    if (this.#listeners.has(fd)) this.#accept(fd);
    else if (this.#connections.has(fd)) this.#serve(fd);
  }

  #accept(listener: number): void {
    for (let i = 0; i < ACCEPT_AT_ONCE; i++) {
      const fd = accept(listener);
      if (fd < 0) return;
      this.#connections.set(fd, '');
      // On a busy machine its request is here already.
      this.#serve(fd);
      if (this.#connections.has(fd)) this.#epoll.add(fd, EPOLLIN);
    }
  }

  #serve(fd: number): void {
    const length = recv(fd, this.#into);
    if (length === -EAGAIN) return;
    if (length <= 0) {
      this.#close(fd);
      return;
    }
    let received = (this.#connections.get(fd) ?? '') + this.#into.toString('latin1', 0, length);
    for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
      const last = /\r\nconnection: *close/i.test(received.slice(0, end));
      send(fd, last ? LAST_ANSWER : ANSWER, last);
      if (last) {
        this.#close(fd);
        return;
      }
      received = received.slice(end + 4);
    }
    this.#connections.set(fd, received);
  }

  #close(fd: number): void {
    this.#connections.delete(fd);
    close(fd);
  }

  [Symbol.dispose](): void {
    for (const fd of [...this.#connections.keys(), ...this.#listeners]) close(fd);
    this.#connections.clear();
    this.#listeners.clear();
  }
}

import { getSystemErrorName } from 'node:util';
import { constants } from 'node:os';
import type { Epoll } from '../../kernel/epoll.ts';
import { parseIp, sockaddr } from '../../kernel/ipv4.ts';
import { setsockopt, SOL_SOCKET } from '../../kernel/libc.ts';
import {
  close,
  connect,
  EPOLLET,
  EPOLLIN,
  EPOLLOUT,
  recv,
  send,
  SO_LINGER,
} from '../../kernel/nonblocking.ts';
import { tcpInfo, TCP_STATE } from '../../kernel/tcp-info.ts';
import { ANSWERED, EMPTY, NO_ANSWER, NOT_CONNECTED, type Ended, type Request } from './protocol.ts';

interface Connection {
  readonly request: Request;
  connected: boolean;
  /** Retransmitted SYNs. */
  resent: number;
  /** Start of the current wait, on the clock of `now`. */
  since: number;
  /** Timeout of the current wait, on the same clock. */
  deadline: number;
  answer: string;
}

const RESET_ON_CLOSE = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
const { EINPROGRESS, EAGAIN } = constants.errno;
const LONGEST_ANSWER = 64 * 1024;
/** Minimum interval between checks of deadlines, ms. */
const SWEEP_EVERY_MS = 5;
/** Connections made faster needed one SYN: the kernel retransmits after 1,000 ms (TCP_TIMEOUT_INIT). */
const ONE_SYN_MS = 900;
/** Answers faster than this were in the socket for less than the kernel's clock resolves. */
const NO_TIME_MS = 4;

/**
 * HTTP GETs by system calls: non-blocking sockets and one epoll, thousands of new connections per second.
 * TCP_INFO tells whether a SYN was retransmitted, and how long an answer waited in the socket.
 *
 * A connection that times out ends as NOT_CONNECTED only if the kernel is still sending SYNs.
 */
export class HttpClient implements Disposable {
  readonly #epoll: Epoll;
  readonly #now: () => number;
  readonly #ended: (ended: Ended) => void;
  readonly #connections = new Map<number, Connection>();
  readonly #held: number[] = [];
  readonly #into = Buffer.alloc(LONGEST_ANSWER);
  readonly #asking = new Map<string, Buffer>();
  readonly #addresses = new Map<string, Buffer>();
  #swept = 0;

  /** @param now ms on a steady clock */
  constructor(epoll: Epoll, now: () => number, ended: (ended: Ended) => void) {
    this.#epoll = epoll;
    this.#now = now;
    this.#ended = ended;
  }

  /** Number of requests in progress. */
  get active(): number {
    return this.#connections.size;
  }

  /** Begins a request; it ends with one call of `ended`. */
  start(request: Request): void {
    const { fd, ip, port, connectWithin } = request;
    const since = this.#now();
    const deadline = since + connectWithin;
    const connection = { request, connected: false, resent: 0, since, deadline, answer: '' };
    this.#connections.set(fd, connection);
    const result = connect(fd, this.#address(ip, port));
    if (result < 0 && result !== -EINPROGRESS) {
      this.#end(connection, { outcome: getSystemErrorName(result) });
      return;
    }
    this.#epoll.add(fd, EPOLLIN | EPOLLOUT | EPOLLET);
  }

  /** Handles an event on a descriptor. */
  ready(fd: number): void {
    const connection = this.#connections.get(fd);
    if (connection === undefined) return;
    if (connection.connected) this.#receive(connection);
    else this.#connect(connection);
  }

  /** Gives up overdue requests. */
  sweep(): void {
    const now = this.#now();
    if (now - this.#swept < SWEEP_EVERY_MS) return;
    this.#swept = now;
    for (const connection of this.#connections.values()) {
      if (connection.deadline <= now) this.#overdue(connection);
    }
  }

  /** Resets held connections: a FIN without an entry would be retransmitted. */
  release(): void {
    for (const fd of this.#held.splice(0)) reset(fd);
  }

  #connect(connection: Connection): void {
    const { fd, ip, answerWithin, afterwards } = connection.request;
    // Reports refused or reset connections.
    const sent = send(fd, this.#question(ip, afterwards !== 'hold'));
    // Still sending SYNs: an ICMP message wakes epoll too, and the kernel goes on (tcp_ipv4.c: tcp_v4_err).
    if (sent === -EAGAIN) return;
    if (sent < 0) {
      this.#end(connection, { outcome: getSystemErrorName(sent) });
      return;
    }
    const now = this.#now();
    if (now - connection.since >= ONE_SYN_MS) connection.resent = tcpInfo(fd)?.resent ?? 0;
    connection.connected = true;
    connection.since = now;
    connection.deadline = now + answerWithin;
  }

  #address(ip: string, port: number): Buffer {
    const key = `${ip} ${String(port)}`;
    let address = this.#addresses.get(key);
    if (address === undefined) this.#addresses.set(key, (address = sockaddr(parseIp(ip), port)));
    return address;
  }

  #question(ip: string, last: boolean): Buffer {
    const key = `${ip} ${String(last)}`;
    let question = this.#asking.get(key);
    if (question === undefined) {
      const connection = last ? 'close' : 'keep-alive';
      question = Buffer.from(`GET / HTTP/1.1\r\nHost: ${ip}\r\nConnection: ${connection}\r\n\r\n`);
      this.#asking.set(key, question);
    }
    return question;
  }

  /** Reads everything: the edge-triggered epoll reports a descriptor once. */
  #receive(connection: Connection): void {
    const { fd, afterwards } = connection.request;
    // Read before recv: tells how long the pending data has been waiting.
    const asked = this.#now() - connection.since >= NO_TIME_MS;
    const unread = asked ? (tcpInfo(fd)?.sinceReceived ?? 0) : 0;
    for (;;) {
      const length = recv(fd, this.#into);
      if (length === -EAGAIN) return;
      if (length < 0) {
        this.#end(connection, { outcome: getSystemErrorName(length), unread });
        return;
      }
      connection.answer += this.#into.toString('latin1', 0, length);
      const over = length === 0;
      const { complete, status } = parseAnswer(connection.answer, over);
      // A leaking client waits for the server's FIN, after which its socket is in CLOSE_WAIT.
      if (!over && (!complete || afterwards === 'leak')) continue;
      const outcome = complete ? (status < 400 ? ANSWERED : String(status)) : EMPTY;
      this.#end(connection, { outcome, unread });
      return;
    }
  }

  #overdue(connection: Connection): void {
    const { fd, answerWithin } = connection.request;
    if (connection.connected) {
      this.#end(connection, { outcome: NO_ANSWER });
      return;
    }
    const info = tcpInfo(fd);
    connection.resent = info?.resent ?? 0;
    // The kernel connected in time; this thread looked late.
    if (info !== undefined && info.state !== TCP_STATE.synSent)
      connection.deadline = this.#now() + answerWithin;
    else this.#end(connection, { outcome: NOT_CONNECTED });
  }

  #end(connection: Connection, { outcome, unread = 0 }: { outcome: string; unread?: number }): void {
    const { id, fd, afterwards } = connection.request;
    this.#connections.delete(fd);
    if (outcome === ANSWERED && afterwards !== 'close') {
      // A later reset by the server would be reported forever.
      this.#epoll.remove(fd);
      this.#held.push(fd);
    } else if (outcome === NO_ANSWER) reset(fd);
    else close(fd);
    this.#ended({ id, outcome, at: this.#now(), resent: connection.resent, unread });
  }

  [Symbol.dispose](): void {
    for (const fd of this.#connections.keys()) reset(fd);
    this.#connections.clear();
    this.release();
  }
}

/** close(2) with an RST (SO_LINGER of 0 s). */
function reset(fd: number): void {
  setsockopt(fd, SOL_SOCKET, SO_LINGER, RESET_ON_CLOSE);
  close(fd);
}

/** @param over whether the server has closed, which ends a body of unknown length */
function parseAnswer(text: string, over: boolean): { readonly complete: boolean; readonly status: number } {
  const end = text.indexOf('\r\n\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0);
  if (end < 0 || status === 0) return { complete: false, status };
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end))?.[1];
  return { complete: length === undefined ? over : text.length >= end + 4 + Number(length), status };
}

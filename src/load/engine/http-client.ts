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
  /** SYNs sent again. */
  resent: number;
  /** When it was last begun to wait for something, on the clock of `now`. */
  since: number;
  /** When it is given up, on the same clock. */
  deadline: number;
  answer: string;
}

const RESET_ON_CLOSE = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
const { EINPROGRESS, EAGAIN } = constants.errno;
const LONGEST_ANSWER = 64 * 1024;
/** The shortest time between two looks at deadlines, ms. */
const SWEEP_EVERY_MS = 5;
/** A connection that was made sooner needed one SYN: the kernel sends a second after 1,000 ms (TCP_TIMEOUT_INIT). */
const ONE_SYN_MS = 900;
/** An answer that came sooner lay in the socket for less than the kernel's clock tells. */
const NO_TIME_MS = 4;

/**
 * HTTP GETs by system calls: non-blocking sockets and one epoll, thousands of new connections a second. Whether a SYN
 * had to be sent again is the kernel's word (TCP_INFO), and so is how long an answer lay in the socket.
 *
 * A connection that is not made in time ends as NOT_CONNECTED only if the kernel says that it is still sending SYNs.
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

  /** Requests that have not ended. */
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

  /** Something has happened to a descriptor. */
  ready(fd: number): void {
    const connection = this.#connections.get(fd);
    if (connection === undefined) return;
    if (connection.connected) this.#receive(connection);
    else this.#connect(connection);
  }

  /** Gives up what is overdue. */
  sweep(): void {
    const now = this.#now();
    if (now - this.#swept < SWEEP_EVERY_MS) return;
    this.#swept = now;
    for (const connection of this.#connections.values()) {
      if (connection.deadline <= now) this.#overdue(connection);
    }
  }

  /** Resets every connection that is held open: a FIN would be sent again where its entry is gone. */
  release(): void {
    for (const fd of this.#held.splice(0)) reset(fd);
  }

  #connect(connection: Connection): void {
    const { fd, ip, answerWithin, afterwards } = connection.request;
    const now = this.#now();
    if (now - connection.since >= ONE_SYN_MS) connection.resent = tcpInfo(fd)?.resent ?? 0;
    connection.connected = true;
    connection.since = now;
    connection.deadline = now + answerWithin;
    // A connection that was refused or reset says so here.
    const sent = send(fd, this.#question(ip, afterwards !== 'hold'));
    if (sent < 0 && sent !== -EAGAIN) this.#end(connection, { outcome: getSystemErrorName(sent) });
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

  /** Reads until nothing is left: the descriptor is reported once for all that has arrived. */
  #receive(connection: Connection): void {
    const { fd, afterwards } = connection.request;
    // Asked before the read: it says how long what is there now has been there.
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
      // Who leaks waits for the server's FIN: its socket is in CLOSE_WAIT from then on.
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
    // Made meanwhile: this thread was late to look, and the kernel was not.
    if (info !== undefined && info.state !== TCP_STATE.synSent)
      connection.deadline = this.#now() + answerWithin;
    else this.#end(connection, { outcome: NOT_CONNECTED });
  }

  #end(connection: Connection, { outcome, unread = 0 }: { outcome: string; unread?: number }): void {
    const { id, fd, afterwards } = connection.request;
    this.#connections.delete(fd);
    if (outcome === ANSWERED && afterwards !== 'close') {
      // A reset that its server sends would be reported for ever.
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

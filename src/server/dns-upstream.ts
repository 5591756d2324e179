import type { Socket } from 'node:net';
import { streamEncode, type Packet } from 'dns-packet';
import type { Namespace } from '../kernel/netns.ts';
import { connectFrom } from '../kernel/connect.ts';
import { onMessages } from './dns-transport.ts';

/** Timeout of an answer, ms: readTimeout of CoreDNS's forward plugin. */
const PATIENCE_MS = 2000;
/** A connection that takes longer is replaced, ms: its SYN was lost, and TCP would wait 1 s, 2 s, 4 s. */
const DIAL_MS = 250;
const IDS = 0x10000;

interface Waiting {
  readonly query: Packet;
  readonly answered: (answer: Packet) => void;
  readonly failed: (error: Error) => void;
  /** The connection it was sent on. */
  via: Socket | undefined;
  /** Whether it is already being sent again after a broken connection. */
  again: boolean;
}

/**
 * A DNS server asked over TCP, like `force_tcp`: one kept connection, reopened when it breaks. The other end
 * may have closed it, or its entry may be gone, so each query is retried once.
 */
export class DnsUpstream implements Disposable {
  readonly #from: Namespace;
  readonly #ip: string;
  readonly #port: number;
  readonly #waiting = new Map<number, Waiting>();
  #connection: Socket | undefined;
  #dialled = 0;
  #next = 0;
  #closed = false;

  constructor(from: Namespace, ip: string, port: number) {
    this.#from = from;
    this.#ip = ip;
    this.#port = port;
  }

  /** @throws Error without an answer in time, or after the connection broke twice */
  async ask(query: Packet): Promise<Packet> {
    const { promise, resolve, reject } = Promise.withResolvers<Packet>();
    const id = this.#next++ % IDS;
    const waiting: Waiting = { query, answered: resolve, failed: reject, via: undefined, again: false };
    this.#waiting.set(id, waiting);
    const timer = setTimeout(() => {
      reject(new Error('no answer in time'));
      this.#connection?.destroy();
    }, PATIENCE_MS);
    try {
      this.#send(id, waiting);
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  /** Resets the connection: a FIN that nobody answers would hold its namespace, and the table in it, for minutes. */
  [Symbol.dispose](): void {
    this.#closed = true;
    this.#connection?.resetAndDestroy();
  }

  #send(id: number, waiting: Waiting): void {
    const stuck = this.#connection?.connecting === true && performance.now() - this.#dialled > DIAL_MS;
    if (stuck) this.#connection?.destroy();
    if (this.#connection === undefined || stuck) this.#connection = this.#connect();
    waiting.via = this.#connection;
    this.#connection.write(streamEncode({ ...waiting.query, id }));
  }

  #connect(): Socket {
    this.#dialled = performance.now();
    const connection = connectFrom(this.#from, this.#ip, this.#port).setNoDelay();
    connection.on('error', () => undefined);
    onMessages(connection, (answer) => this.#waiting.get(answer.id ?? -1)?.answered(answer));
    connection.once('close', () => {
      if (this.#connection === connection) this.#connection = undefined;
      for (const [id, waiting] of this.#waiting) {
        if (waiting.via !== connection) continue;
        if (waiting.again || this.#closed) waiting.failed(new Error('the connection broke'));
        else {
          waiting.again = true;
          this.#send(id, waiting);
        }
      }
    });
    return connection;
  }
}

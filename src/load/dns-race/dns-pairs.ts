import { closeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { recv } from '../../kernel/libc.ts';
import type { NetNamespace } from '../../kernel/netns.ts';
import { udpSocket, type Fd } from '../../kernel/socket.ts';
import type { DnsRace } from './schema.ts';
import type { Outcomes } from '../outcomes.ts';

const NO_ANSWER = 'no answer';
const POLL_MS = 2;
const LONGEST_ANSWER = 512;
/** Ports below those that the kernel chooses. */
const PORTS = { first: 20_000, count: 12_000 };
/** Offers so far: each has ports of its own, since a flow whose entry is there already races for nothing. */
let offers = 0;

/** The sockets of query pairs, and each query's outcome. Query 2n is A of pair n, 2n + 1 its AAAA. */
export class Pairs implements Disposable {
  /** By query. */
  readonly sockets: Fd[] = [];
  /** Unanswered queries: due times, and how often each was looked at since it was sent. */
  readonly #waiting = new Map<number, { readonly due: number; polls: number }>();
  readonly #load: DnsRace;
  readonly #outcomes: Outcomes;
  readonly #hasSent: (query: number) => boolean;
  readonly #into = Buffer.alloc(LONGEST_ANSWER);
  readonly #polling: NodeJS.Timeout;
  readonly #firstPort: number;

  /** @param hasSent whether a query has left its socket */
  constructor(load: DnsRace, outcomes: Outcomes, hasSent: (query: number) => boolean) {
    this.#load = load;
    this.#outcomes = outcomes;
    this.#hasSent = hasSent;
    this.#firstPort = PORTS.first + ((offers++ * load.pairs) % Math.max(1, PORTS.count - load.pairs));
    this.#polling = setInterval(() => {
      this.#poll();
    }, POLL_MS);
  }

  /** @param next the pod after `pod` */
  open(pair: number, pod: NetNamespace, next: NetNamespace, due: number): void {
    const { sockets } = this.#load;
    const port = sockets === 'two-pods' ? this.#firstPort + pair : 0;
    const a = udpSocket(pod, '0.0.0.0', port);
    const aaaa = sockets === 'one' ? a : udpSocket(sockets === 'two-pods' ? next : pod, '0.0.0.0', port);
    for (const [query, socket] of [
      [2 * pair, a],
      [2 * pair + 1, aaaa],
    ] as const) {
      this.sockets[query] = socket;
      this.#waiting.set(query, { due, polls: 0 });
      this.#outcomes.started(due);
    }
  }

  /** Resolves once every query is answered or given up. */
  async ended(signal: AbortSignal): Promise<void> {
    while (this.#waiting.size > 0) await delay(POLL_MS, undefined, { signal });
  }

  [Symbol.dispose](): void {
    clearInterval(this.#polling);
    for (const socket of new Set(this.sockets)) closeSync(socket);
  }

  /** Patience counts polls since the query left, not time: a lab without a CPU neither sends nor answers. */
  #poll(): void {
    const most = (this.#load.patience * 1000) / POLL_MS;
    for (const [query, waiting] of this.#waiting) {
      if (!this.#hasSent(query)) continue;
      this.#read(this.sockets[query] ?? -1, query);
      if (this.#waiting.has(query) && ++waiting.polls > most) this.#end(query, NO_ANSWER);
    }
  }

  /** One socket may bring both answers of a pair, in any order: the id tells them apart. */
  #read(socket: Fd, of: number): void {
    while (recv(socket, this.#into) !== undefined) {
      const odd = this.#into.readUInt16BE() % 2;
      this.#end(of - (of % 2) + odd, 'ok');
    }
  }

  #end(query: number, outcome: string): void {
    const waiting = this.#waiting.get(query);
    if (waiting === undefined) return;
    this.#waiting.delete(query);
    this.#outcomes.ended(waiting.due, outcome);
  }
}

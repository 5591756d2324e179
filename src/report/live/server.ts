import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PAGE_HEADERS } from './headers.ts';

const LOOPBACK = '127.0.0.1';
/** Bytes of the token in the address. */
const TOKEN = 24;
/** ms. How long browsers have to take the last event. */
const LAST = 1000;

/** A message for the page. The newest of a kind and key is sent again to who comes later. */
interface LiveMessage {
  readonly kind: 'run' | 'state' | 'line' | 'plot' | 'verdict';
  readonly data: unknown;
  /** Messages with one key replace each other; absent: each is kept. */
  readonly key?: string;
}

/** Kept messages, at most: the oldest go first. */
const MOST_KEPT = 400;

const HEADERS = { ...PAGE_HEADERS, 'x-frame-options': 'DENY' };

/**
 * Serves one page and its events to browsers on this machine: on loopback, at an address that nobody can
 * guess. It refuses every other request, and ends when it is disposed of.
 */
export class LiveServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #token = randomBytes(TOKEN).toString('base64url');
  readonly #page: string;
  #host = '';
  readonly #viewers = new Set<ServerResponse>();
  #kept: LiveMessage[] = [];

  private constructor(page: string) {
    this.#page = page;
    this.#server = createServer((request, response) => {
      this.#answer(request, response);
    });
  }

  /** @throws Error where there is no port */
  static async open(page: string): Promise<LiveServer> {
    const live = new LiveServer(page);
    live.#server.listen(0, LOOPBACK);
    await once(live.#server, 'listening');
    const { port } = live.#server.address() as AddressInfo;
    live.#host = `${LOOPBACK}:${String(port)}`;
    return live;
  }

  /** The address, with its token. */
  get url(): string {
    return `http://${this.#host}/${this.#token}/`;
  }

  /** Whether anybody looks. */
  get isWatched(): boolean {
    return this.#viewers.size > 0;
  }

  /** Forgets what was sent: another run begins. */
  forget(): void {
    this.#kept = [];
  }

  send(message: LiveMessage): void {
    const { kind, key } = message;
    if (key !== undefined) this.#kept = this.#kept.filter((each) => each.kind !== kind || each.key !== key);
    this.#kept.push(message);
    if (this.#kept.length > MOST_KEPT) this.#kept.shift();
    const text = eventOf(message);
    for (const viewer of this.#viewers) {
      // A browser that is slow gets the next state instead.
      if (kind !== 'state' || !viewer.writableNeedDrain) viewer.write(text);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    const limit = AbortSignal.timeout(LAST);
    for (const viewer of this.#viewers) viewer.end();
    await Promise.all([...this.#viewers].map((viewer) => taken(viewer, limit)));
    this.#server.closeAllConnections();
    await closed;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { method, url = '', headers } = request;
    // Another name for this address is a page elsewhere that would read ours.
    const path = method === 'GET' && headers.host === this.#host ? this.#below(url) : undefined;
    if (path === '') {
      response.writeHead(200, { ...HEADERS, 'content-type': 'text/html; charset=utf-8' }).end(this.#page);
    } else if (path === 'events') {
      response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
      response.write(this.#kept.map(eventOf).join(''));
      this.#viewers.add(response);
      response.on('close', () => this.#viewers.delete(response));
    } else response.writeHead(404, HEADERS).end();
  }

  /** What follows the token; undefined where it is not there. */
  #below(url: string): string | undefined {
    const [, token = '', ...rest] = url.split('/');
    const [given, own] = [Buffer.from(token), Buffer.from(this.#token)];
    return given.length === own.length && timingSafeEqual(given, own) ? rest.join('/') : undefined;
  }
}

/** JSON has no line ends, so that an event is one line. */
function eventOf({ kind, data }: LiveMessage): string {
  return `event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;
}

async function taken(viewer: ServerResponse, limit: AbortSignal): Promise<void> {
  if (viewer.writableFinished || viewer.destroyed) return;
  await once(viewer, 'close', { signal: limit }).catch(() => undefined);
}

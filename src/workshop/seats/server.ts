import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { z } from 'zod';
import { FILES } from './files.ts';
import { learnerPage, trainerPage } from './page.ts';
import type { Room } from './room.ts';
import type { Seat } from './seat.ts';
import { openTerminal, POLICY } from './terminal.ts';
import { jsonOf, learnerMessageSchema, trainerMessageSchema } from './view.ts';
import { explain } from '../../util/error-text.ts';
import { PAGE_HEADERS } from '../../report/live/headers.ts';

/** Where the pages are served. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** ms. A page gets what changed at most this often. */
const SEND_MS = 400;
/** Bytes of one message of a page. */
const MESSAGE = 1 << 16;
/** Terminals of a seat at once. */
const TERMINALS = 4;
/** Makes paths URLs. */
const BASE = 'http://page';

/** Who a token lets in. */
type Guest = { readonly trainer: true } | { readonly seat: Seat };

/** What a message or a view is sent for. */
interface Shown<M> {
  readonly version: () => number;
  readonly view: () => unknown;
  readonly schema: z.ZodType<M>;
  readonly take: (message: M) => Promise<void>;
}

/**
 * The pages of a class: the trainer’s, and one for each seat, by the tokens in their paths.
 *
 * @param about of a seat’s lab, for the banner of its terminals
 * @throws Error naming the address where it can’t be listened on
 */
export async function serve(
  room: Room,
  { host, port }: Address,
  { about, say }: { readonly about: (seat: number) => string; readonly say: (line: string) => void },
): Promise<AsyncDisposable & { readonly address: Address }> {
  const guests = new Map<string, Guest>([
    [`/t/${room.trainer}`, { trainer: true }],
    ...room.seats.map((seat): [string, Guest] => [seat.view.path, { seat }]),
  ]);
  const server = createServer((request, response) => {
    answer(guests, request, response);
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE });
  const failed = (error: unknown): void => {
    say(explain(error));
  };
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    // Nobody else listens on a connection that is upgraded.
    stream.on('error', () => undefined);
    const url = urlOf(request);
    const [, base = '', what = ''] = /^(.*)\/(\w+)$/.exec(url?.pathname ?? '') ?? [];
    const guest = guests.get(base);
    if (guest === undefined || !isOwn(request)) {
      // A client that keeps its side open would keep the server open.
      stream.end('HTTP/1.1 403 Forbidden\r\n\r\n', () => stream.destroy());
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      socket.on('error', () => undefined);
      if (what === 'live' && 'trainer' in guest) liveOfTrainer(socket, room).catch(failed);
      else if (what === 'live' && 'seat' in guest) liveOfSeat(socket, room, guest.seat).catch(failed);
      else if (what === 'terminal' && 'seat' in guest)
        terminalOf(socket, room, guest.seat, url?.searchParams.get('place') ?? '', about).catch(failed);
      else socket.close(POLICY);
    });
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Error(`can’t listen on ${host}:${String(port)}: ${explain(error)}; use --listen ADDRESS:PORT`, {
      cause: error,
    });
  }
  const { port: used } = server.address() as AddressInfo;
  return {
    address: { host, port: used },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets.clients) socket.terminate();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** What is asked for; undefined where it is no path, as `//` is none. */
function urlOf({ url = '/' }: IncomingMessage): URL | undefined {
  return URL.canParse(url, BASE) ? new URL(url, BASE) : undefined;
}

/** A page of another site has no business here. */
function isOwn({ headers: { origin, host } }: IncomingMessage): boolean {
  return origin === undefined || origin === `http://${host ?? ''}` || origin === `https://${host ?? ''}`;
}

function answer(
  guests: ReadonlyMap<string, Guest>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const pathname = urlOf(request)?.pathname ?? '';
  const guest = guests.get(pathname);
  const file = FILES.get(pathname);
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const [code, type, text] =
    !isRead || (guest === undefined && file === undefined)
      ? ([404, 'text/plain', 'There is no such page. Ask the trainer for your link.\n'] as const)
      : guest !== undefined
        ? ([200, 'text/html; charset=utf-8', 'trainer' in guest ? trainerPage() : learnerPage()] as const)
        : ([200, file?.type ?? '', file?.text() ?? ''] as const);
  // xterm.js makes style sheets of its own.
  const styles = guest !== undefined && 'seat' in guest ? `'self' 'unsafe-inline'` : `'self'`;
  const host = /^[\w.:[\]-]+$/.exec(request.headers.host ?? '')?.[0] ?? '';
  response.writeHead(code, {
    ...PAGE_HEADERS,
    'content-type': type,
    'content-security-policy': `default-src 'none'; script-src 'self'; style-src ${styles}; connect-src 'self' ws://${host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  });
  response.end(text);
}

async function liveOfTrainer(socket: WebSocket, room: Room): Promise<void> {
  room.watching += 1;
  try {
    await live(socket, {
      version: () => room.version,
      view: () => room.view,
      schema: trainerMessageSchema,
      take: (message) => room.take(message),
    });
  } finally {
    room.watching -= 1;
  }
}

async function liveOfSeat(socket: WebSocket, room: Room, seat: Seat): Promise<void> {
  seat.connect({ pages: 1 });
  try {
    await live(socket, {
      version: () => room.version,
      view: () => seat.learnerView,
      schema: learnerMessageSchema,
      take: (message) => seat.take(message.do),
    });
  } finally {
    seat.connect({ pages: -1 });
  }
}

/** Sends a view whenever it has changed, and takes messages. @returns once the page is gone */
async function live<M>(socket: WebSocket, { version, view, schema, take }: Shown<M>): Promise<void> {
  let sent = -1;
  let last = '';
  const send = (): void => {
    if (sent === version() || socket.bufferedAmount > 0) return;
    sent = version();
    const text = JSON.stringify(view());
    // The time of day alone is no news.
    const news = text.replace(/"now":\d+/, '');
    if (news !== last) socket.send(text);
    last = news;
  };
  send();
  const timer = setInterval(send, SEND_MS);
  socket.on('message', (data: Buffer) => {
    const message = schema.safeParse(jsonOf(data));
    if (!message.success) socket.close(POLICY, 'not a message of this page');
    else
      take(message.data).catch((error: unknown) => {
        socket.close(POLICY, explain(error).slice(0, 100));
      });
  });
  // Unlike `once` of node:events, it does not reject at a frame that is broken.
  await new Promise((done) => socket.once('close', done));
  clearInterval(timer);
}

async function terminalOf(
  socket: WebSocket,
  room: Room,
  seat: Seat,
  name: string,
  about: (seat: number) => string,
): Promise<void> {
  const { hands, terminals } = seat;
  const place = hands?.places.find((each) => each.name === name);
  if (hands === undefined || place === undefined || room.view.startedAt === undefined) {
    socket.close(POLICY, 'there is no such node or pod now');
    return;
  }
  if (terminals >= TERMINALS) {
    socket.close(POLICY, `${String(TERMINALS)} terminals of this seat are open: close one`);
    return;
  }
  seat.connect({ terminals: 1 });
  try {
    await openTerminal(socket, hands, place, about(seat.number), seat.over);
  } finally {
    seat.connect({ terminals: -1 });
  }
}

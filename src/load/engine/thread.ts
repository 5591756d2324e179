/**
 * A thread of the agent for HTTP only: all clients, or all servers. It blocks in epoll_wait(2) instead of
 * Node's event loop, so clients, servers and samples do not delay each other.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { Epoll } from '../../kernel/epoll.ts';
import { clearEvent, EPOLLIN } from '../../kernel/nonblocking.ts';
import { millisecondsSince } from '../../util/clock.ts';
import { HttpClient } from './http-client.ts';
import { HttpServer } from './http-server.ts';
import type { Ended, FromClient, ThreadData, ToClient } from './protocol.ts';

/** Maximum wait with requests in progress, ms. */
const TICK_MS = 5;
/** Maximum wait otherwise, ms: a thread that blocks in a system call can't be terminated. */
const IDLE_MS = 250;
/** Results are delivered once this many, or this old (ms). */
const GATHER = { count: 64, ms: 10 } as const;

const port = parentPort;
if (port === null) throw new Error('src/load/engine/thread.ts is a thread, not a program');
const { kind, epoch, wake } = workerData as ThreadData;
const now = (): number => millisecondsSince(epoch);
const epoll = new Epoll();
epoll.add(wake, EPOLLIN);
if (kind === 'client') runClient();
else runServer();

/** Ends with the process, or when the thread is terminated. */
function runClient(): void {
  let gathered: Ended[] = [];
  let since = 0;
  const say = (message: FromClient): void => port?.postMessage(message);
  const client = new HttpClient(epoll, now, (ended) => {
    if (gathered.length === 0) since = ended.at;
    gathered.push(ended);
  });
  const deliver = (): void => {
    if (gathered.length > 0) say({ ended: gathered });
    gathered = [];
  };
  const told = (message: ToClient): void => {
    if ('release' in message) {
      client.release();
      deliver();
      say({ released: true });
    } else for (const request of message.start) client.start(request);
  };
  const turn = (): void => {
    for (const message of received<ToClient>()) told(message);
    epoll.wait(client.active > 0 || gathered.length > 0 ? TICK_MS : IDLE_MS, (fd) => {
      if (fd === wake) clearEvent(wake);
      else client.ready(fd);
    });
    client.sweep();
    if (gathered.length >= GATHER.count || now() - since >= GATHER.ms) deliver();
  };
  forEver(turn);
}

function runServer(): void {
  const server = new HttpServer(epoll);
  forEver(() => {
    for (const fd of received<number>()) server.listen(fd);
    epoll.wait(IDLE_MS, (fd) => {
      if (fd === wake) clearEvent(wake);
      else server.ready(fd);
    });
  });
}

/** Yields to Node's event loop, by which a thread is terminated. */
function forEver(turn: () => void): void {
  setImmediate(() => {
    turn();
    forEver(turn);
  });
}

/** The messages that have arrived. */
function* received<M>(): Generator<M> {
  if (port === null) return;
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port))
    yield next.message as M;
}

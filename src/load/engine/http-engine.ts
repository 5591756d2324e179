import { closeSync, writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { NetNamespace } from '../../kernel/netns.ts';
import { eventfd } from '../../kernel/nonblocking.ts';
import { tcpSockets } from '../../kernel/socket.ts';
import { millisecondsSince } from '../../util/clock.ts';
import { LEAST_OPEN_FILES, spareOpenFiles } from '../../util/open-files.ts';
import {
  ANSWERED,
  type Ended,
  type FromClient,
  type Request,
  type ThreadData,
  type ToClient,
} from './protocol.ts';
import { siblingModule } from '../../util/sibling-module.ts';

const THREAD = siblingModule(import.meta.url, './thread');
const ONE = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);

/** A thread of the engine, with an eventfd to wake it. */
class EngineThread implements AsyncDisposable {
  readonly worker: Worker;
  readonly #wake = eventfd();

  constructor(kind: ThreadData['kind'], epoch: bigint) {
    const workerData: ThreadData = { kind, epoch, wake: this.#wake };
    this.worker = new Worker(THREAD, { workerData });
    this.worker.unref();
  }

  post(message: unknown): void {
    this.worker.postMessage(message);
    writeSync(this.#wake, ONE);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.worker.terminate();
    closeSync(this.#wake);
  }
}

/** HTTP servers of any number of pods, on one thread, which starts with the first. */
export class HttpServers implements AsyncDisposable {
  readonly #epoch: bigint;
  #thread: EngineThread | undefined;

  constructor(epoch: bigint) {
    this.#epoch = epoch;
  }

  /** @param fd a bound socket, made in the pod's namespace; the thread closes it */
  listen(fd: number): void {
    this.#thread ??= new EngineThread('server', this.#epoch);
    this.#thread.post(fd);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread?.[Symbol.asyncDispose]();
  }
}

/** A pod's request, without what the engine adds. */
type Question = Omit<Request, 'id' | 'fd'>;

/** How a request ended. `waited`: it first waited for a file descriptor. */
export type Answer = Omit<Ended, 'id'> & { readonly waited: boolean };

interface Asked extends PromiseWithResolvers<Answer> {
  readonly pod: NetNamespace;
  readonly question: Question;
}

/**
 * Client threads. One does most of a request's work, the kernel's on both nodes included: with one, a second core
 * has little to do.
 */
const THREADS = 2;

/** A thread of clients, and who waits until it has reset what it holds. */
class ClientThread extends EngineThread {
  /** Connections that stay open after their requests. */
  held = 0;
  readonly #releasing: (() => void)[] = [];

  /** @param ended takes what has ended on this thread */
  constructor(epoch: bigint, ended: (ended: readonly Ended[], on: ClientThread) => void) {
    super('client', epoch);
    this.worker.on('message', (message: FromClient) => {
      if ('released' in message) {
        this.held = 0;
        this.#releasing.shift()?.();
      } else ended(message.ended, this);
    });
  }

  start(requests: readonly Request[]): void {
    if (requests.length > 0) this.#tell({ start: requests });
  }

  release(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#releasing.push(() => {
      resolve(undefined);
    });
    this.#tell({ release: true });
    return promise;
  }

  #tell(message: ToClient): void {
    this.post(message);
  }
}

/**
 * HTTP clients of any number of pods, on threads of their own. Open connections are limited to this process's file
 * descriptors for both ends, since the servers are in it too. Further requests wait.
 */
export class HttpClients implements AsyncDisposable {
  readonly #epoch: bigint;
  #threads: readonly ClientThread[] = [];
  #most: number | undefined;
  readonly #underWay = new Map<number, { readonly asked: Asked; readonly waited: boolean }>();
  readonly #queue: Asked[] = [];
  /** Requests at the head of the queue that found no room. */
  #waiting = 0;
  #next = 0;

  /**
   * @param epoch of the clock of `Ended.at`, see `millisecondsSince`
   * @param most maximum connections; default: as many as there are descriptors for
   */
  constructor(epoch: bigint, most?: number) {
    this.#epoch = epoch;
    this.#most = most;
  }

  /** Starts the threads, before a phase whose first requests would wait for them. Idempotent. */
  start(): void {
    if (this.#threads.length > 0) return;
    const ended = (all: readonly Ended[], on: ClientThread): void => {
      for (const each of all) this.#settle(each, on);
      this.#goOn();
    };
    this.#threads = Array.from({ length: THREADS }, () => new ClientThread(this.#epoch, ended));
  }

  /** One GET on a new connection. Requests of one event loop turn begin together. */
  get(pod: NetNamespace, question: Question): Promise<Answer> {
    if (this.#queue.length === 0)
      setImmediate(() => {
        this.#begin();
      });
    const asked = { pod, question, ...Promise.withResolvers<Answer>() };
    this.#queue.push(asked);
    return asked.promise;
  }

  /** Resets every held connection. */
  async release(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.release()));
    this.#goOn();
  }

  /** There may be room for requests that wait. */
  #goOn(): void {
    if (this.#waiting > 0) this.#begin();
  }

  /** Begins queued requests as far as there is room. */
  #begin(): void {
    this.start();
    const start = this.#threads.map((): Request[] => []);
    const begun = this.#queue.splice(0, this.#room());
    const waited = new Set(begun.slice(0, this.#waiting));
    const left: Asked[] = [];
    for (const [pod, those] of Map.groupBy(begun, (asked) => asked.pod)) {
      const sockets = socketsFor(pod, those);
      for (const [i, asked] of those.entries()) {
        const fd = sockets[i];
        if (fd === undefined) left.push(asked);
        else {
          const id = this.#next++;
          this.#underWay.set(id, { asked, waited: waited.has(asked) });
          start[id % THREADS]?.push({ ...asked.question, fd, id });
        }
      }
    }
    for (const [i, thread] of this.#threads.entries()) thread.start(start[i] ?? []);
    this.#queue.unshift(...left);
    this.#waiting = this.#queue.length;
    if (this.#underWay.size > 0) return;
    // With nothing in progress, no room will appear.
    this.#waiting = 0;
    for (const { resolve } of this.#queue.splice(0))
      resolve({ outcome: 'EMFILE', at: millisecondsSince(this.#epoch), resent: 0, unread: 0, waited: true });
  }

  /** How many requests may begin. */
  #room(): number {
    this.#most ??= Math.max(1, Math.floor((spareOpenFiles() - LEAST_OPEN_FILES) / 2));
    const held = this.#threads.reduce((sum, thread) => sum + thread.held, 0);
    return Math.max(0, this.#most - this.#underWay.size - held);
  }

  #settle({ id, ...ended }: Ended, on: ClientThread): void {
    const { asked, waited } = this.#underWay.get(id) ?? {};
    if (asked === undefined || waited === undefined) return;
    this.#underWay.delete(id);
    if (ended.outcome === ANSWERED && asked.question.afterwards !== 'close') on.held++;
    asked.resolve({ ...ended, waited });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread[Symbol.asyncDispose]()));
  }
}

/** A socket in a pod for each who asks; fewer where descriptors run out. Rejects all of them on any other error. */
function socketsFor(pod: NetNamespace, all: Asked[]): readonly number[] {
  try {
    return tcpSockets(pod, all.length);
  } catch (error) {
    for (const { reject } of all.splice(0)) reject(error);
    return [];
  }
}

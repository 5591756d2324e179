import { closeSync, writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { eventfd } from '../../kernel/nonblocking.ts';
import type { Ended, FromClient, Request, ThreadData, ToClient } from './protocol.ts';

const THREAD = new URL(`./thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
const ONE = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);

/** A thread of the engine, and the way to wake it. */
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

/** HTTP servers of any number of pods, in a thread of their own. */
export class HttpServers implements AsyncDisposable {
  readonly #thread: EngineThread;

  constructor(epoch: bigint) {
    this.#thread = new EngineThread('server', epoch);
  }

  /** @param fd a bound socket, made in the pod's namespace; from now on the thread closes it */
  listen(fd: number): void {
    this.#thread.post(fd);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#thread[Symbol.asyncDispose]();
  }
}

/** HTTP clients of any number of pods, in a thread of their own. */
export class HttpClients implements AsyncDisposable {
  readonly #thread: EngineThread;
  readonly #waiting = new Map<number, (ended: Ended) => void>();
  readonly #releasing: (() => void)[] = [];
  #starting: Request[] = [];
  #next = 0;

  /** @param epoch of the clock that `Ended.at` is on, see `millisecondsSince` */
  constructor(epoch: bigint) {
    this.#thread = new EngineThread('client', epoch);
    this.#thread.worker.on('message', (message: FromClient) => {
      if ('released' in message) this.#releasing.shift()?.();
      else for (const ended of message.ended) this.#settle(ended);
    });
  }

  /** One GET on a connection of its own. What is asked for in one turn of the event loop goes over together. */
  get(request: Omit<Request, 'id'>): Promise<Ended> {
    const id = this.#next++;
    if (this.#starting.length === 0)
      setImmediate(() => {
        this.#tell({ start: this.#starting });
        this.#starting = [];
      });
    this.#starting.push({ ...request, id });
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  /** Resets every connection that is held open. */
  release(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#releasing.push(() => {
      resolve(undefined);
    });
    this.#tell({ release: true });
    return promise;
  }

  #settle(ended: Ended): void {
    this.#waiting.get(ended.id)?.(ended);
    this.#waiting.delete(ended.id);
  }

  #tell(message: ToClient): void {
    this.#thread.post(message);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#thread[Symbol.asyncDispose]();
  }
}

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Fd } from '../../kernel/socket.ts';
import { SHARED, type Racer } from './racer.ts';
import { siblingModule } from '../../util/sibling-module.ts';

const PROGRAM = siblingModule(import.meta.url, './racer');

/** Two threads on two CPUs that send the halves of a pair at the same moment. */
export class Racers implements AsyncDisposable {
  readonly #memory: Int32Array;
  readonly #threads: readonly Worker[];
  #posted = 0;

  private constructor(memory: Int32Array, threads: readonly Worker[]) {
    this.#memory = memory;
    this.#threads = threads;
  }

  /** @param pairs total: both threads end after sending this many */
  static async start(
    cpus: readonly [number, number],
    queries: readonly [Buffer, Buffer],
    to: Buffer,
    pairs: number,
  ): Promise<Racers> {
    const shared = new SharedArrayBuffer((SHARED.sockets + 2 * pairs) * Int32Array.BYTES_PER_ELEMENT);
    const threads = ([0, 1] as const).map((half) => {
      const workerData: Racer = {
        shared,
        half,
        cpu: cpus[half],
        pairs,
        query: Uint8Array.from(queries[half]),
        to: Uint8Array.from(to),
      };
      return new Worker(PROGRAM, { workerData });
    });
    await Promise.all(threads.map((thread) => once(thread, 'message')));
    return new Racers(new Int32Array(shared), threads);
  }

  /** Datagrams sent without the other half of their pair. */
  get missed(): number {
    return Atomics.load(this.#memory, SHARED.missed);
  }

  /** Whether a query has left: a thread that waits for its CPU sends late. */
  hasSent(query: number): boolean {
    const half = query % 2 === 0 ? 0 : 1;
    return Atomics.load(this.#memory, SHARED.sent[half]) > (query - half) / 2;
  }

  /** Sends the unsent ones of the first `pairs` pairs. @param sockets by query */
  send(sockets: readonly Fd[], pairs: number): void {
    for (let query = 2 * this.#posted; query < 2 * pairs; query++)
      Atomics.store(this.#memory, SHARED.sockets + query, sockets[query] ?? -1);
    this.#posted = pairs;
    Atomics.store(this.#memory, SHARED.posted, pairs);
    Atomics.notify(this.#memory, SHARED.posted);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }
}

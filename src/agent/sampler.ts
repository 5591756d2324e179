import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { TableFiles } from '../kernel/counters.ts';
import type { EventOf, Phase } from '../schema/history.ts';
import { siblingModule } from '../util/sibling-module.ts';

const THREAD = siblingModule(import.meta.url, './sampler-thread');

type Sample = EventOf<'sample'>;

export interface SamplerData {
  /** Epoch of the sample times; see `millisecondsSince`. */
  readonly epoch: bigint;
  /** Descriptors of each table, by node or pod; the agent keeps them open. */
  readonly tables: readonly (readonly [name: string, files: TableFiles])[];
}

/** The thread answers `began` after the first sample and `ended` after the last. */
export type ToSampler = { readonly begin: Phase } | { readonly end: true };
export type FromSampler =
  { readonly samples: readonly Sample[] } | { readonly began: true } | { readonly ended: true };

/** Reads every table every 50 ms during a phase, on its own thread. */
export class Sampler {
  readonly #worker: Worker;

  constructor(data: SamplerData, seen: (sample: Sample) => void) {
    this.#worker = new Worker(THREAD, { workerData: data });
    this.#worker.unref();
    this.#worker.on('message', (message: FromSampler) => {
      if ('samples' in message) message.samples.forEach(seen);
    });
  }

  /** @returns once the first sample is taken */
  async begin(phase: Phase): Promise<void> {
    await this.#ask({ begin: phase }, 'began');
  }

  /** @returns once the last sample is taken and all are delivered; at once when not sampling */
  async end(): Promise<void> {
    await this.#ask({ end: true }, 'ended');
  }

  async #ask(message: ToSampler, answer: 'began' | 'ended'): Promise<void> {
    this.#worker.postMessage(message);
    for (;;) {
      const [said] = (await once(this.#worker, 'message')) as [FromSampler];
      if (answer in said) return;
    }
  }
}

import type { KernelLogSlice } from '../kernel/kmsg.ts';

/** ms between two looks at the log while a run is under way. */
const EVERY = 500;

/** The kernel's log during a run: read now and then for those who watch, and whole at its end. */
export class LogSoFar implements Disposable {
  readonly #log: Disposable & { read(): KernelLogSlice };
  readonly #show: (line: string) => void;
  readonly #lines: string[] = [];
  #looked = -Infinity;

  /** @param show receives the newest line */
  constructor(log: Disposable & { read(): KernelLogSlice }, show: (line: string) => void) {
    this.#log = log;
    this.#show = show;
  }

  /** @param t ms since the run began */
  look(t: number): void {
    if (t - this.#looked < EVERY) return;
    this.#looked = t;
    this.#read();
  }

  /** All lines since it was opened. */
  whole(): KernelLogSlice {
    const { lines: _, ...rest } = this.#read();
    return { lines: this.#lines, ...rest };
  }

  #read(): KernelLogSlice {
    const slice = this.#log.read();
    this.#lines.push(...slice.lines);
    const newest = slice.lines.at(-1);
    if (newest !== undefined) this.#show(newest);
    return slice;
  }

  [Symbol.dispose](): void {
    this.#log[Symbol.dispose]();
  }
}

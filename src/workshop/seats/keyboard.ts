import { writeSync } from 'node:fs';
import type { IPty } from '@lydell/node-pty';

/** ms until a terminal that takes nothing more is tried again. */
const RETRY_MS = 20;

/** What node-pty has and does not declare: the terminal’s own end, and the stream that closes it. */
interface Inside {
  readonly fd: number;
  readonly _socket: { readonly destroyed: boolean };
}

/**
 * What a learner types, for a program that may not read it now. node-pty’s own `write` waits for the program, and
 * with it every seat.
 */
export class Keyboard {
  readonly #pty: IPty & Inside;
  #waiting: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @throws Error where node-pty has another build than ours */
  constructor(pty: IPty) {
    if (!hasInside(pty)) throw new Error('node-pty shows no descriptor of its terminal');
    this.#pty = pty;
  }

  /** Bytes that are not taken yet. */
  get behind(): number {
    return this.#waiting.reduce((sum, { length }) => sum + length, 0);
  }

  type(data: Buffer): void {
    this.#waiting.push(data);
    if (this.#timer === undefined) this.#send();
  }

  /** Tells the program how large the page is. */
  resize(columns: number, rows: number): void {
    if (this.#isOpen) this.#pty.resize(columns, rows);
  }

  /** Forgets what is not taken. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
  }

  /** Once it is closed, another seat’s terminal may have the number of its descriptor. */
  get #isOpen(): boolean {
    return !this.#pty._socket.destroyed;
  }

  #send(): void {
    this.#timer = undefined;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const taken = this.#isOpen ? write(this.#pty.fd, next) : undefined;
      if (taken === undefined) {
        this.stop();
        return;
      }
      if (taken === next.length) this.#waiting.shift();
      else {
        this.#waiting[0] = next.subarray(taken);
        this.#timer = setTimeout(() => {
          this.#send();
        }, RETRY_MS);
        return;
      }
    }
  }
}

/** @returns bytes that were taken; undefined where nobody is there any more */
function write(fd: number, data: Buffer): number | undefined {
  try {
    return writeSync(fd, data);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EAGAIN' ? 0 : undefined;
  }
}

function hasInside(pty: IPty): pty is IPty & Inside {
  return (
    'fd' in pty &&
    typeof pty.fd === 'number' &&
    '_socket' in pty &&
    typeof pty._socket === 'object' &&
    pty._socket !== null &&
    'destroyed' in pty._socket
  );
}

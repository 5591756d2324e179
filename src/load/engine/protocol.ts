/** What a client does once it has its answer: close, keep the connection open, or ignore that the server has closed. */
export type Afterwards = 'close' | 'hold' | 'leak';

/** One request on a connection of its own, as the client thread is asked for it. */
export interface Request {
  readonly id: number;
  /** A new non-blocking TCP socket in the client's namespace; from now on the engine closes it. */
  readonly fd: number;
  readonly ip: string;
  readonly port: number;
  /** For so long a connection may take to be made, ms. */
  readonly connectWithin: number;
  /** For so long the answer may take once the connection stands, ms. */
  readonly answerWithin: number;
  readonly afterwards: Afterwards;
}

/** How one request ended, as the client thread says it. */
export interface Ended {
  readonly id: number;
  /** ANSWERED, NOT_CONNECTED, NO_ANSWER, EMPTY, an HTTP status of 400 and above, or the name of an errno. */
  readonly outcome: string;
  /** ms on the engine's clock. */
  readonly at: number;
  /** SYNs that the kernel sent again for it (TCP_INFO). */
  readonly resent: number;
  /** For so long its answer lay in the socket before it was read, ms (TCP_INFO). */
  readonly unread: number;
}

export const ANSWERED = 'ok';
/** The kernel was still sending SYNs when the time was up. */
export const NOT_CONNECTED = 'not-connected';
/** Connected, and not answered in time: no fault of conntrack. */
export const NO_ANSWER = 'no-answer';
/** The server closed without an answer. */
export const EMPTY = 'empty';

/** What the client thread is told. `release` resets what is held open and is answered with `released`. */
export type ToClient = { readonly start: readonly Request[] } | { readonly release: true };
export type FromClient = { readonly ended: readonly Ended[] } | { readonly released: true };

/** What an engine's thread is given when it starts. */
export interface ThreadData {
  /** Of the clock that `at` is on; see `millisecondsSince`. */
  readonly epoch: bigint;
  /** An eventfd: written to when a message waits. */
  readonly wake: number;
  readonly kind: 'client' | 'server';
}

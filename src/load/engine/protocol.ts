/**
 * What a client does after its answer: close, keep the connection open, or ignore that the server has closed.
 */
export type Afterwards = 'close' | 'hold' | 'leak';

/** One request on a new connection, as sent to the client thread. */
export interface Request {
  readonly id: number;
  /** A new non-blocking TCP socket in the client's namespace; the engine closes it. */
  readonly fd: number;
  readonly ip: string;
  readonly port: number;
  /** Connect timeout, ms. */
  readonly connectWithin: number;
  /** Timeout of the answer after connecting, ms. */
  readonly answerWithin: number;
  readonly afterwards: Afterwards;
}

/** How one request ended, as reported by the client thread. */
export interface Ended {
  readonly id: number;
  /** ANSWERED, NOT_CONNECTED, NO_ANSWER, EMPTY, an HTTP status of 400 and above, or an errno's name. */
  readonly outcome: string;
  /** ms on the engine's clock. */
  readonly at: number;
  /** SYNs that the kernel retransmitted (TCP_INFO). */
  readonly resent: number;
  /** How long its answer waited in the socket, ms (TCP_INFO). */
  readonly unread: number;
}

export const ANSWERED = 'ok';
/** The kernel was still sending SYNs at the timeout. */
export const NOT_CONNECTED = 'not-connected';
/** Connected but not answered in time: not conntrack's doing. */
export const NO_ANSWER = 'no-answer';
/** The server closed without an answer. */
export const EMPTY = 'empty';

/** Messages to the client thread. `release` resets held connections and is answered by `released`. */
export type ToClient = { readonly start: readonly Request[] } | { readonly release: true };
export type FromClient = { readonly ended: readonly Ended[] } | { readonly released: true };

/** Start parameters of an engine thread. */
export interface ThreadData {
  /** Epoch of the clock of `at`; see `millisecondsSince`. */
  readonly epoch: bigint;
  /** An eventfd, written to when a message is pending. */
  readonly wake: number;
  readonly kind: 'client' | 'server';
}

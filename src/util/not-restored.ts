/** A change was not undone; the message says where, the value before, and the value now. */
class NotRestored extends Error {
  readonly retry: (() => Promise<void>) | undefined;

  constructor(message: string, cause: unknown, retry: (() => Promise<void>) | undefined) {
    super(message, { cause });
    this.retry = retry;
  }
}

export function isNotRestored(error: unknown): error is Error {
  return error instanceof NotRestored;
}

/** Retries the undo of a failed change, where that failed too. */
export function retryOf(error: unknown): (() => Promise<void>) | undefined {
  return error instanceof NotRestored ? error.retry : undefined;
}

/** Only undo-stack.ts decides this; settled.ts, asked.ts and node-work.ts pass it on. */
export function notRestored(message: string, cause?: unknown, retry?: () => Promise<void>): Error {
  return new NotRestored(message, cause, retry);
}

/** What was there before a change did not come back; the message says where, what was there, and what is. */
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

/** How to try again, where a change that could not be made could not be undone either. */
export function retryOf(error: unknown): (() => Promise<void>) | undefined {
  return error instanceof NotRestored ? error.retry : undefined;
}

/** For undo-stack.ts, which alone decides on it, and for settled.ts, asked.ts and node-work.ts, which pass it on. */
export function notRestored(message: string, cause?: unknown, retry?: () => Promise<void>): Error {
  return new NotRestored(message, cause, retry);
}

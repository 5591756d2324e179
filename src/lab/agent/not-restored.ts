/** What was there before a change did not come back; the message says where, what was there, and what is. */
export class NotRestored extends Error {}

export function isNotRestored(error: unknown): error is Error {
  return error instanceof NotRestored;
}

/** For undo.ts, which decides on it, and for settled.ts and asked.ts, which pass it on. */
export function notRestored(message: string, cause?: unknown): Error {
  return new NotRestored(message, { cause });
}

import type { Interruption } from '../schema/outcome.ts';

/** The reason of an AbortSignal when the user stops a run. The message is the signal's name. */
export class Interrupted extends Error {
  readonly by: Interruption;

  constructor(by: Interruption) {
    super(by);
    this.by = by;
  }
}

/** This machine can't run the request. The message is one line: why, and the fix. */
export class Unavailable extends Error {}

/** An error's message in one line. Joins messages of several lines, and errors of disposal. */
export function oneLine(error: unknown): string {
  if (error instanceof SuppressedError)
    return `${oneLine(error.suppressed)}; and then ${oneLine(error.error)}`;
  const text = error instanceof Error ? error.message : String(error);
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(': ');
}

import type { Interruption } from '../schema/outcome.ts';

/** The user wants a run to stop; the reason of its AbortSignal. The message is the signal's name. */
export class Interrupted extends Error {
  readonly by: Interruption;

  constructor(by: Interruption) {
    super(by);
    this.by = by;
  }
}

/** This machine can't run what was asked for; the message is one line that says why, and the fix. */
export class Unavailable extends Error {}

/** An error's message as one line: programs that fail say more than one, and disposing may fail as well. */
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

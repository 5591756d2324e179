import type { Interruption } from '../schema/outcome.ts';
import { oneLine } from '../util/error-text.ts';

/** The reason of an AbortSignal when the user stops a run. The message is the signal's name. */
export class Interrupted extends Error {
  readonly by: Interruption;

  constructor(by: Interruption) {
    super(by);
    this.by = by;
  }
}

/** What ended a run's signal; undefined where it was not aborted. */
export function interruptionOf({ aborted, reason }: AbortSignal): Interruption | undefined {
  if (!aborted) return undefined;
  return reason instanceof Interrupted ? reason.by : 'SIGINT';
}

/** This machine can't run the request. The message is one line: why, and the fix. */
export class Unavailable extends Error {}

/** @throws Unavailable with the words of an error, in one line */
export function unavailable(error: unknown): never {
  throw new Unavailable(oneLine(error), { cause: error });
}

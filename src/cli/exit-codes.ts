import { oneLine } from '../util/error-text.ts';

/** Exit codes of verbs; runs and matrices use those of schema/outcome.ts. */
export const EXIT = { ok: 0, environment: 2, left: 3, usage: 64 } as const;

/** The arguments are wrong; the message is one line with the fix. */
export class UsageError extends Error {}

/** @throws UsageError with the words of an error, in one line */
export function refuse(error: unknown): never {
  throw new UsageError(oneLine(error), { cause: error });
}

/** Does what the arguments ask for. @throws UsageError for an error of `work` */
export function usage<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    return refuse(error);
  }
}

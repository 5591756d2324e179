import { isNotRestored, notRestored } from './not-restored.ts';

/** Something to be done, at once or in time. */
export type Step = () => unknown;

/**
 * Waits until all of this work is over, however each part of it goes: nothing runs on behind whoever goes on.
 *
 * @throws one error that names every failure
 */
export async function settled<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const ended = await Promise.allSettled(work);
  const failures = ended.flatMap((each): unknown[] => (each.status === 'rejected' ? [each.reason] : []));
  if (failures.length > 0) throw joined(failures);
  return ended.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
}

/**
 * Waits for all of this work. The first part to fail stops the others, and is thrown once they have ended.
 *
 * @param stop the work ends when it aborts
 */
export async function together(work: readonly Promise<unknown>[], stop: AbortController): Promise<void> {
  try {
    await Promise.all(work);
  } catch (error) {
    stop.abort(error);
    await Promise.allSettled(work);
    throw error;
  }
}

/**
 * Takes every step in order, also after one that failed.
 *
 * @throws one error that names every failure
 */
export async function everyStep(steps: readonly Step[]): Promise<void> {
  const failures = await failuresOf(steps);
  if (failures.length > 0) throw joined(failures);
}

/** Takes every step in order. @returns how those failed that did */
export async function failuresOf(steps: readonly Step[]): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  return failures;
}

/** The only failure itself, or one error that has every message once. It says "not restored" where one of them does. */
export function joined(failures: readonly unknown[]): Error {
  const messages = [...new Set(failures.map(messageOf))];
  const left = failures.find(isNotRestored);
  const first = left ?? failures[0];
  if (messages.length === 1 && first instanceof Error) return first;
  const message = messages.join('; ');
  const cause = failures.length === 1 ? first : new AggregateError(failures);
  return left === undefined ? new Error(message, { cause }) : notRestored(message, cause);
}

/** What this work brings. @throws its error with a name before the message; it says "not restored" where that did */
export async function named<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const message = `${name}: ${messageOf(error)}`;
    throw isNotRestored(error) ? notRestored(message, error) : new Error(message, { cause: error });
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

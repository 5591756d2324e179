import { isNotRestored, notRestored } from './not-restored.ts';
import { messageOf } from './error-text.ts';

/** A synchronous or asynchronous action. */
export type Step = () => unknown;

/**
 * Waits until all work has ended, even if some fails: nothing keeps running behind the caller.
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
 * Waits for all work. The first failure stops the rest, and is thrown once that has ended.
 *
 * @param stop aborting it ends the work
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

/** Runs all steps in order, even after a failure. @throws one error that names every failure */
export async function everyStep(steps: readonly Step[]): Promise<void> {
  const failures = await failuresOf(steps);
  if (failures.length > 0) throw joined(failures);
}

/** Runs all steps in order. @returns the failures */
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

/** The only failure, or one error with all distinct messages. It is NotRestored if any failure is. */
export function joined(failures: readonly unknown[]): Error {
  const messages = [...new Set(failures.map(messageOf))];
  const left = failures.find(isNotRestored);
  const first = left ?? failures[0];
  if (messages.length === 1 && first instanceof Error) return first;
  const message = messages.join('; ');
  const cause = failures.length === 1 ? first : new AggregateError(failures);
  return left === undefined ? new Error(message, { cause }) : notRestored(message, cause);
}

/** Awaits work. @throws its error prefixed with the name; NotRestored stays so */
export async function named<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const message = `${name}: ${messageOf(error)}`;
    throw isNotRestored(error) ? notRestored(message, error) : new Error(message, { cause: error });
  }
}

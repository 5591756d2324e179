/** Whether the outcome is a success. All others are failures in the client's words. */
export function isAnswer(outcome: string): boolean {
  return outcome === 'ok';
}

/** An answer after the client’s patience. */
export const TOO_LATE = 'too late';
/** No answer until the client’s load ended it. */
export const GAVE_UP = 'gave up';

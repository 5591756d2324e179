/** Does this outcome say that what was asked for was got? All others are failures in the client's own words. */
export function isAnswer(outcome: string): boolean {
  return outcome === 'ok';
}

/** Outcomes of a client in whose place the kernel was asked: still sending SYNs, or connected and waiting. */
export const NOT_CONNECTED = '(28) Connection timed out';
export const NOT_ANSWERED = '(28) Operation timed out';

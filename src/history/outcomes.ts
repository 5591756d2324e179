/** Whether the outcome is a success. All others are failures in the client's words. */
export function isAnswer(outcome: string): boolean {
  return outcome === 'ok';
}

/** Timeouts whose cause TCP_INFO tells: still sending SYNs, or connected and waiting. */
export const NOT_CONNECTED = '(28) Connection timed out';
export const NOT_ANSWERED = '(28) Operation timed out';

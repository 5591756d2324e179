import type { Verdict } from './verdict.ts';

/** 128 + the signal's number, as shells have it. */
export const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Signals by which a user breaks a run off. */
export type Interruption = keyof typeof SIGNAL_CODES;

/**
 * The exit code of a run; docs/reference has the list.
 *
 * @returns 3 something was not restored (wins over all), 130 or 143 interrupted, 2 inconclusive or aborted, 1 not as expected, 0
 */
export function exitCode(verdict: Verdict, brokenOff?: Interruption | 'aborted'): number {
  const { symptom, remedies, expectations = [], restore, asExpected } = verdict;
  if (restore.status === 'incomplete') return 3;
  if (brokenOff === 'aborted') return 2;
  if (brokenOff !== undefined) return SIGNAL_CODES[brokenOff];
  const learntNothing =
    symptom.status === 'skipped' ||
    [symptom, ...remedies, ...expectations].some(({ status }) => status === 'inconclusive');
  if (learntNothing) return 2;
  return asExpected ? 0 : 1;
}

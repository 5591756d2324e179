import { z } from 'zod';

export const resultSchema = z.enum(['passed', 'failed', 'inconclusive', 'skipped']);
export type ResultKind = z.infer<typeof resultSchema>;

/** A status, and the one that was expected; null: none was. */
interface Compared {
  readonly status: string;
  readonly expected: string | null;
  /** Whether the user stated the expectation: then it does not do to skip it. */
  readonly stated?: boolean | undefined;
}

/**
 * How a status stands beside what was expected. This is the one rule of it, for judge, reports, suites and matrices.
 * What is inconclusive is never as expected; what is skipped fails nothing, unless the user stated its status.
 */
export function resultOf({ status, expected, stated = false }: Compared): ResultKind {
  if (status === 'inconclusive') return 'inconclusive';
  if (status === 'skipped') return stated && status !== expected ? 'failed' : 'skipped';
  return expected === null || status === expected ? 'passed' : 'failed';
}

/** Whether nothing is wrong with a result: what had to hold does, or was skipped. */
export function isGood(result: ResultKind): boolean {
  return result === 'passed' || result === 'skipped';
}

export function isAsExpected(compared: Compared): boolean {
  return isGood(resultOf(compared));
}

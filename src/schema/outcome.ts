import { z } from 'zod';
import type { InconclusiveAs } from './inconclusive-as.ts';

/** Exit codes after a signal: 128 + its number, as in shells. */
export const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Signals by which a user ends a run. */
export type Interruption = keyof typeof SIGNAL_CODES;

function variant<H extends string, C extends number>(headline: H, codes: readonly C[]) {
  return z.strictObject({
    headline: z.literal(headline).describe('The result; it decides the exit code.'),
    exitCode: z.literal(codes).describe('The exit code of the command.'),
    summary: z.string().describe('Why, in one sentence without a full stop.'),
  });
}

/**
 * The result of a run or a matrix. Headline and exit code determine each other; every renderer takes both
 * from here.
 */
export const outcomeSchema = z.discriminatedUnion('headline', [
  variant('PASSED', [0]),
  variant('FAILED', [1]),
  variant('INCONCLUSIVE', [2]),
  variant('NOT RUN', [2]),
  variant('INTERRUPTED', [130, 143]),
  variant('NOT RESTORED', [3]),
]);
export type Outcome = z.infer<typeof outcomeSchema>;
export type Headline = Outcome['headline'];
/** Headlines by severity: the last one wins. */
const RANKS = [
  'PASSED',
  'FAILED',
  'NOT RUN',
  'INCONCLUSIVE',
  'INTERRUPTED',
  'NOT RESTORED',
] as const satisfies readonly Headline[];
export const headlineSchema = z.enum(RANKS);

/** How a run ended. */
export type Ended =
  | { readonly how: 'completed' }
  | { readonly how: 'interrupted'; readonly by: Interruption }
  /** @property observed whether any phase began */
  | { readonly how: 'aborted'; readonly reason: string; readonly observed: boolean }
  /** The history has no end: the process was killed. */
  | { readonly how: 'killed' };

/** How far a run, a suite or a matrix got. */
interface Reached {
  readonly done: number;
  readonly planned: number;
  /** Plural: `results`. */
  readonly noun: string;
}

/** One sentence for each aspect of the results. */
export interface Findings {
  /** What was not restored; undefined: nothing known. */
  readonly left: string | undefined;
  /** Why nothing could run here. */
  readonly notRun: string | undefined;
  /** Which results are inconclusive. */
  readonly unclear: string | undefined;
  /** Which results are not as expected. */
  readonly surprise: string | undefined;
  /** What was found. */
  readonly found: string;
  /** Results that are more than inconclusive: an interrupted run has no others. */
  readonly reached: Reached;
}

/** Maps results and the way a run ended to a headline and an exit code. */
export function outcomeOf(
  { left, notRun, unclear, surprise, found, reached }: Findings,
  ended: Ended,
): Outcome {
  if (left !== undefined) return notRestored(left);
  switch (ended.how) {
    case 'interrupted':
      return interrupted(ended.by, reached, found);
    case 'killed':
      return { headline: 'INCONCLUSIVE', exitCode: 2, summary: KILLED };
    case 'aborted':
      return { headline: ended.observed ? 'INCONCLUSIVE' : 'NOT RUN', exitCode: 2, summary: ended.reason };
    case 'completed':
      break;
  }
  if (notRun !== undefined) return { headline: 'NOT RUN', exitCode: 2, summary: notRun };
  if (unclear !== undefined) return { headline: 'INCONCLUSIVE', exitCode: 2, summary: unclear };
  if (surprise !== undefined) return { headline: 'FAILED', exitCode: 1, summary: surprise };
  return { headline: 'PASSED', exitCode: 0, summary: found };
}

/** @param left what was left, in one line */
export function notRestored(left: string): Outcome {
  return { headline: 'NOT RESTORED', exitCode: 3, summary: `${left}; run: \`tablefull restore\`` };
}

const KILLED =
  'the run was killed, and its history does not say whether everything was restored; to check: `tablefull restore`';

/** `by SIGINT, after 3 of 9 results; until then: reproduced`: what was not done is no result. */
function interrupted(by: Interruption, { done, planned, noun }: Reached, found: string): Outcome {
  const until = done === 0 ? '' : `; until then: ${found}`;
  const summary = `by ${by}, after ${String(done)} of ${String(planned)} ${noun}${until}`;
  return { headline: 'INTERRUPTED', exitCode: SIGNAL_CODES[by], summary };
}

/** Several runs, some of which may not have begun. */
interface Several {
  /** Plural: `runs`. */
  readonly noun: string;
  readonly planned: number;
  /** The signal that ended them early. */
  readonly by?: Interruption | undefined;
}

/** Combines outcomes: the worst one, with the count of each. */
export function combined(outcomes: readonly Outcome[], { noun, planned, by }: Several): Outcome {
  const worst = worstOf(outcomes);
  if (by !== undefined && worst?.headline !== 'NOT RESTORED') {
    const done = outcomes.filter(({ headline }) => headline !== 'INTERRUPTED');
    return interrupted(by, { done: done.length, planned, noun }, counts(done));
  }
  if (worst === undefined) return { headline: 'NOT RUN', exitCode: 2, summary: `no ${noun}` };
  return { ...worst, summary: `of ${String(outcomes.length)} ${noun} ${counts(outcomes)}` };
}

function worstOf(outcomes: readonly Outcome[]): Outcome | undefined {
  return outcomes.toSorted((a, b) => RANKS.indexOf(b.headline) - RANKS.indexOf(a.headline))[0];
}

/** `2 PASSED, 1 FAILED`. */
function counts(outcomes: readonly Outcome[]): string {
  return RANKS.flatMap((headline) => {
    const many = outcomes.filter((each) => each.headline === headline).length;
    return many === 0 ? [] : [`${String(many)} ${headline}`];
  }).join(', ');
}

/** An outcome, and whether a result is not as expected: of an inconclusive run the headline does not say. */
export interface Counted {
  readonly outcome: Outcome;
  readonly failed: boolean;
}

/** The exit code of the worst outcome, where inconclusive ones count as the user says. What failed never passes. */
export function exitCodeOf(all: readonly Counted[], as: InconclusiveAs): number {
  const counted = all.map(({ outcome, failed }): Outcome => {
    if (outcome.headline !== 'INCONCLUSIVE' || as === 'neither') return outcome;
    const { summary } = outcome;
    return as === 'fail' || failed
      ? { headline: 'FAILED', exitCode: 1, summary }
      : { headline: 'PASSED', exitCode: 0, summary };
  });
  return worstOf(counted)?.exitCode ?? 2;
}

/** Why an exit code is not the headline’s. */
export function sayCounted(code: number): string {
  return `exit code ${String(code)}, because of --inconclusive`;
}

/** `PASSED saturate: reproduced; cured by keepalive`. @param name what was run */
export function sayOutcome(name: string, { headline, summary }: Outcome): string {
  return `${headline} ${name}: ${summary}`;
}

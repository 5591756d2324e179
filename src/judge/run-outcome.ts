import type { Run } from '../history/run.ts';
import { REMEDY_STATUSES, type RemedyStatus } from '../schema/protocol.ts';
import { resultsOf, type JudgedResult } from './results.ts';
import { outcomeOf, type Ended, type Findings, type Outcome } from '../schema/outcome.ts';
import type { Verdict } from '../schema/verdict.ts';

export type Judged = Omit<Verdict, 'outcome'>;

export function runOutcome(verdict: Judged, ended: Ended): Outcome {
  return outcomeOf(findingsOf(verdict), ended);
}

/** How a run ended, by its history. */
export function endedOf(run: Run): Ended {
  const end = run.ofType('end').at(-1);
  switch (end?.status) {
    case undefined:
      return { how: 'killed' };
    case 'completed':
      return { how: 'completed' };
    case 'interrupted':
      return { how: 'interrupted', by: end.reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT' };
    case 'aborted': {
      const observed = run.ofType('phase').length > 0;
      return { how: 'aborted', reason: end.reason, observed };
    }
  }
}

function findingsOf(verdict: Judged): Findings {
  const { symptom, remedies, restore } = verdict;
  const results = resultsOf(verdict);
  return {
    left: leftOf(restore),
    notRun: symptom.status === 'skipped' ? symptom.reason : undefined,
    unclear: unclearOf(results),
    surprise: surpriseOf(results),
    found: foundOf(symptom.status, remedies),
    reached: reachedOf(results),
  };
}

function reachedOf(results: readonly JudgedResult[]): Findings['reached'] {
  const judged = results.filter(({ result }) => result !== 'skipped');
  const done = judged.filter(({ result }) => result !== 'inconclusive').length;
  return { done, planned: judged.length, noun: 'results' };
}

/** `nf_conntrack_max is 7 and 2 more`; undefined where nothing is known to be left. */
export function leftOf({ status, left }: Judged['restore']): string | undefined {
  if (status !== 'incomplete') return undefined;
  const [first = 'something was left', ...more] = left;
  return more.length === 0 ? first : `${first} and ${String(more.length)} more`;
}

/** `2 of 9 results inconclusive; raise-max: the machine was busy`. */
function unclearOf(results: readonly JudgedResult[]): string | undefined {
  const unclear = results.filter(({ result }) => result === 'inconclusive');
  const [first] = unclear;
  if (first === undefined) return undefined;
  return `${String(unclear.length)} of ${String(results.length)} results inconclusive; ${subjectOf(first)}: ${first.reason}`;
}

/** `raise-max no-effect, expected cured`. */
function surpriseOf(results: readonly JudgedResult[]): string | undefined {
  const failed = results.filter(({ result }) => result === 'failed');
  if (failed.length === 0) return undefined;
  return shortened(
    failed.map((each) => `${subjectOf(each)} ${each.status}, expected ${each.expected}`),
    '; ',
  );
}

/** `raise-max`, or `fault: drop.delta > 0`. */
function subjectOf({ name, about, expectation }: JudgedResult): string {
  return expectation === undefined ? about : name;
}

/** Wording of what was found, the most useful first. What is inconclusive was not. */
type Found = Exclude<RemedyStatus, 'inconclusive'>;
const TOLD: Readonly<Record<Found, { readonly words: string; readonly rank: number }>> = {
  cured: { words: 'cured by', rank: 0 },
  postponed: { words: 'postponed by', rank: 1 },
  reduced: { words: 'reduced by', rank: 2 },
  delayed: { words: 'delayed by', rank: 3 },
  worse: { words: 'worse with', rank: 4 },
  'no-effect': { words: 'no effect:', rank: 5 },
  skipped: { words: 'not tried:', rank: 6 },
};
const EFFECTS: readonly Found[] = ['cured', 'postponed', 'reduced', 'delayed', 'worse'];
const MOST_NAMES = 3;

/** `reproduced; cured by raise-max, keepalive; no effect: 5 others`. */
function foundOf(symptom: string, remedies: Verdict['remedies']): string {
  const statuses = REMEDY_STATUSES.filter((status) => status !== 'inconclusive').toSorted(
    (a, b) => TOLD[a].rank - TOLD[b].rank,
  );
  const groups = statuses.flatMap((status) => {
    const names = remedies.filter((each) => each.status === status).map(({ name }) => name);
    if (names.length === 0) return [];
    const named = EFFECTS.includes(status) || names.length <= MOST_NAMES;
    const others = names.length < remedies.length ? 'others' : 'remedies';
    return [`${TOLD[status].words} ${named ? names.join(', ') : `${String(names.length)} ${others}`}`];
  });
  return [symptom, ...groups].join('; ');
}

/** The first three, and how many more there are. */
export function shortened(parts: readonly string[], between: string): string {
  const more = parts.length - MOST_NAMES;
  return [...parts.slice(0, MOST_NAMES), ...(more > 0 ? [`and ${String(more)} more`] : [])].join(between);
}

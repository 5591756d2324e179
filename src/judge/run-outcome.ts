import type { Run } from '../history/run.ts';
import { REMEDY_STATUSES, type RemedyStatus } from '../schema/protocol.ts';
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

interface Result {
  readonly name: string;
  readonly status: string;
  readonly expected: string;
  readonly reason: string;
}

function findingsOf({ symptom, remedies, expectations = [], restore, asExpected }: Judged): Findings {
  const results: readonly Result[] = [
    { name: 'symptom', ...symptom },
    ...remedies,
    ...expectations.map(({ phase, expectation, status, reason }) => {
      return { name: `${phase}: ${expectation}`, status, expected: 'met', reason };
    }),
  ];
  return {
    left: leftOf(restore),
    notRun: symptom.status === 'skipped' ? symptom.reason : undefined,
    unclear: unclearOf(results),
    surprise: asExpected ? undefined : surpriseOf(results),
    found: foundOf(symptom.status, remedies),
    reached: reachedOf(results),
  };
}

function reachedOf(results: readonly Result[]): Findings['reached'] {
  const judged = results.filter(({ status }) => status !== 'skipped');
  const done = judged.filter(({ status }) => status !== 'inconclusive').length;
  return { done, planned: judged.length, noun: 'results' };
}

/** `nf_conntrack_max is 7 and 2 more`; undefined where nothing is known to be left. */
export function leftOf({ status, left }: Judged['restore']): string | undefined {
  if (status !== 'incomplete') return undefined;
  const [first = 'something was left', ...more] = left;
  return more.length === 0 ? first : `${first} and ${String(more.length)} more`;
}

/** `2 of 9 results inconclusive; raise-max: the machine was busy`. */
function unclearOf(results: readonly Result[]): string | undefined {
  const unclear = results.filter(({ status }) => status === 'inconclusive');
  const [first] = unclear;
  if (first === undefined) return undefined;
  return `${String(unclear.length)} of ${String(results.length)} results inconclusive; ${first.name}: ${first.reason}`;
}

/** `raise-max no-effect, expected cured`. */
function surpriseOf(results: readonly Result[]): string {
  const differ = results.filter(({ status, expected }) => status !== expected);
  // Skipped remedies are named only where nothing else differs: then the user expected another status of
  // them.
  const tried = differ.filter(({ status }) => status !== 'skipped');
  const told = tried.length > 0 ? tried : differ;
  return shortened(
    told.map(({ name, status, expected }) => `${name} ${status}, expected ${expected}`),
    '; ',
  );
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

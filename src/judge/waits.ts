import type { EventOf } from '../schema/history.ts';
import { isAnswer, NOT_ANSWERED, NOT_CONNECTED } from '../history/select.ts';

type Entries = readonly (readonly [name: string, value: number])[];

/** TCP sends a lost SYN again after 1 s; a clock may read a little less. */
const RETRY_MS = 980;

/** One request that was answered. */
interface Answer {
  readonly latency: number;
  /** SYNs sent again, where the kernel was asked. */
  readonly resent: number | undefined;
}

/**
 * What waited for a SYN to be sent again: `slow.rate` of all that were offered (or was not answered at all), and how
 * many were answered in their second second, their third and so on: `waited.1s`, `waited.2s`, … Whether a SYN was sent
 * again is the kernel's word (TCP_INFO); only where it was not asked, a latency of a second counts as one.
 */
export function waits(outcomes: readonly EventOf<'outcomes'>[], offered: number): Entries {
  if (offered === 0) return [];
  const answers = outcomes.filter(({ outcome }) => isAnswer(outcome)).flatMap(answersOf);
  const waited = answers.filter(({ latency, resent }) =>
    resent === undefined ? latency >= RETRY_MS : resent > 0,
  );
  const steps = Map.groupBy(waited, ({ latency }) =>
    Math.max(1, Math.floor((latency + 1000 - RETRY_MS) / 1000)),
  );
  const prompt = answers.length - waited.length;
  return [
    ['slow.rate', Math.max(0, offered - prompt) / offered],
    ...[...steps].map(([seconds, of]) => [`waited.${String(seconds)}s`, of.length] as const),
  ];
}

function answersOf({ latency, resent }: EventOf<'outcomes'>): readonly Answer[] {
  return latency.map((each, i) => ({ latency: each, resent: resent?.[i] }));
}

/**
 * What the kernel says of connections (TCP_INFO): `resent`, SYNs that it sent again; `retried`, answered after that, and
 * `retried.rate` of what was offered; `unconnected`, never connected; `unanswered`, connected and not answered, which is
 * no fault of conntrack's. Absent where it was not asked.
 */
export function connections(outcomes: readonly EventOf<'outcomes'>[], offered: number): Entries {
  const asked = outcomes.filter(({ resent }) => resent !== undefined);
  if (asked.length === 0 || offered === 0) return [];
  const count = (outcome: string): number =>
    asked.reduce((sum, event) => (event.outcome === outcome ? sum + event.due.length : sum), 0);
  const resent = (of: readonly EventOf<'outcomes'>[]): readonly number[] =>
    of.flatMap(({ resent = [] }) => resent);
  const retried = resent(asked.filter(({ outcome }) => isAnswer(outcome))).filter((syns) => syns > 0).length;
  return [
    ['resent', resent(asked).reduce((sum, syns) => sum + syns, 0)],
    ['retried', retried],
    ['retried.rate', retried / offered],
    ['unconnected', count(NOT_CONNECTED)],
    ['unanswered', count(NOT_ANSWERED)],
  ];
}

/** How many that were due one after the other failed at the most: heartbeats missed in a row. */
export function longestRun(outcomes: readonly EventOf<'outcomes'>[]): Entries {
  const all = outcomes.flatMap(({ outcome, due }) => due.map((at) => ({ at, met: isAnswer(outcome) })));
  if (all.length === 0) return [];
  all.sort((a, b) => a.at - b.at);
  let [run, longest] = [0, 0];
  for (const { met } of all) {
    run = met ? 0 : run + 1;
    longest = Math.max(longest, run);
  }
  return [['failed.inARow', longest]];
}

/** `worker-2.requests.failed`: of the pods of each node, where the load ran on several. */
export function byNode(unit: string, outcomes: readonly EventOf<'outcomes'>[]): Entries {
  const nodes = Map.groupBy(outcomes, ({ node }) => node);
  const count = (of: readonly EventOf<'outcomes'>[]): number =>
    of.reduce((sum, { due }) => sum + due.length, 0);
  return [...nodes].flatMap(([node, of]): Entries =>
    node === undefined
      ? []
      : [
          [`${node}.${unit}.answered`, count(of.filter(({ outcome }) => isAnswer(outcome)))],
          [`${node}.${unit}.failed`, count(of.filter(({ outcome }) => !isAnswer(outcome)))],
        ],
  );
}

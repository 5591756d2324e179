import type { EventOf } from '../run/history.ts';
import { isAnswer } from './events.ts';

type Entries = readonly (readonly [name: string, value: number])[];

/** TCP sends a lost SYN again after 1 s; a clock may read a little less. */
const RETRY_MS = 980;

/**
 * What waited for a SYN to be sent again: `slow.rate` of all that were offered (or was not answered at all), and how
 * many were answered in their second second, their third and so on: `waited.1s`, `waited.2s`, …
 */
export function waits(sorted: readonly number[], offered: number): Entries {
  if (offered === 0) return [];
  const prompt = sorted.filter((latency) => latency < RETRY_MS).length;
  const steps = Map.groupBy(sorted.slice(prompt), (latency) =>
    Math.floor((latency + 1000 - RETRY_MS) / 1000),
  );
  return [
    ['slow.rate', Math.max(0, offered - prompt) / offered],
    ...[...steps].map(([seconds, of]) => [`waited.${String(seconds)}s`, of.length] as const),
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

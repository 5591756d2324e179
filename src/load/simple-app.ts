import type { SimpleApp } from '../scenario/load.ts';
import type { LoadContext } from './context.ts';
import { NOT_RESOLVED } from './curl.ts';
import { get, podAgent } from './http-client.ts';
import { leak } from './leak.ts';
import type { LoadRunner } from './runner.ts';
import { openLoop, spread } from './schedule.ts';
import { finder, type Finder, type Target } from './target.ts';

interface Planned {
  readonly due: number;
  readonly pod: number;
}

/** Spreads the requests over the stages by their pod-seconds, and over the pods that are up in each. */
export function planRequests(
  { stages: unscaled, scale, requests }: SimpleApp,
  random: () => number,
): readonly Planned[] {
  const stages = unscaled.map(({ pods, seconds }) => ({ pods: pods * scale, seconds }));
  const weight = stages.reduce((sum, stage) => sum + stage.pods * stage.seconds, 0);
  let begin = 0;
  let soFar = 0;
  let planned = 0;
  return stages.flatMap((stage) => {
    soFar += stage.pods * stage.seconds;
    const upTo = Math.round((requests * soFar) / weight);
    const due = spread(upTo - planned, begin, stage.seconds, random);
    planned = upTo;
    begin += stage.seconds * 1000;
    return due.map((at, i) => ({ due: at, pod: i % stage.pods }));
  });
}

/** curl-like pods: a request each time one is due, on a connection of its own unless `reuse` is set. */
export const simpleApp: LoadRunner<'simple-app'> = {
  kind: 'simple-app',
  summary: 'pods that ask as a curl loop does, a new connection a request',
  run,
};

async function run(load: SimpleApp, context: LoadContext): Promise<void> {
  const pods = context.pods(load.pods);
  const plan = planRequests(load, context.random);
  const scarce = load.localPorts === 'scarce';
  const clients = pods.map(({ name, node, own }) =>
    own
      ? {
          name,
          node,
          find: finder(load, context.namespace(name), context),
          agent: podAgent(context, name, { keepAlive: load.reuse, scarce }),
        }
      : undefined,
  );
  const spreadOut = new Set(pods.map(({ node }) => node)).size > 1;
  const pending: Promise<void>[] = [];
  await openLoop(
    plan.map(({ due }) => due),
    () => context.outcomes.elapsed(),
    (i, due) => {
      const pod = plan[i]?.pod ?? 0;
      if (pod >= pods.length) throw new Error(`${load.pods}: there is no pod ${String(pod)}`);
      const client = clients[pod];
      if (client === undefined) return;
      const { name, node, find } = client;
      const agent = load.hold ? podAgent(context, name, { keepAlive: true, scarce }) : client.agent;
      context.outcomes.started(due);
      const ask = load.leak
        ? (target: Target) => leak(name, target, load.connectTimeout, context)
        : (target: Target) => get(agent, target, { seconds: load.connectTimeout, scarce }, context);
      pending.push(
        findAnd(ask, find).then((outcome) => {
          context.outcomes.ended(due, outcome, spreadOut ? node : undefined);
        }),
      );
    },
    context.signal,
  );
  await Promise.all(pending);
}

async function findAnd(ask: (target: Target) => Promise<string>, find: Finder): Promise<string> {
  try {
    return await ask(await find());
  } catch {
    return NOT_RESOLVED;
  }
}

import type { SimpleApp } from '../scenario/load.ts';
import type { LoadContext } from './context.ts';
import { get, podAgent } from './http-client.ts';
import type { LoadRunner } from './runner.ts';
import { openLoop, spread } from './schedule.ts';

interface Planned {
  readonly due: number;
  readonly pod: number;
}

/** Spreads the requests over the stages by their pod-seconds, and over the pods that are up in each. */
export function planRequests({ stages, requests }: SimpleApp, random: () => number): readonly Planned[] {
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
  const target = context.service(load.service);
  const plan = planRequests(load, context.random);
  using held = new DisposableStack();
  const spreadOut = new Set(pods.map(({ node }) => node)).size > 1;
  const agents = pods.map((pod) => podAgent(context, pod.name, load.reuse, held));
  const pending: Promise<void>[] = [];
  await openLoop(
    plan.map(({ due }) => due),
    () => context.outcomes.elapsed(),
    (i, due) => {
      const pod = plan[i]?.pod ?? 0;
      const name = pods[pod]?.name;
      const shared = agents[pod];
      if (name === undefined || shared === undefined)
        throw new Error(`${load.pods}: there is no pod ${String(pod)}`);
      const agent = load.hold ? podAgent(context, name, true, held) : shared;
      context.outcomes.started(due);
      pending.push(
        get(agent, target, load.connectTimeout, context).then((outcome) => {
          context.outcomes.ended(due, outcome, spreadOut ? pods[pod]?.node : undefined);
        }),
      );
    },
    context.signal,
  );
  await Promise.all(pending);
}

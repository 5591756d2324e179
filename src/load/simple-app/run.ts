import type { SimpleApp } from './schema.ts';
import type { LoadContext, LoadPod } from '../context.ts';
import { NOT_RESOLVED } from '../curl.ts';
import { get, podAgent } from '../pod-http.ts';
import { getOnce } from './one-request.ts';
import { offerWhenDue, type Ended } from '../offer-when-due.ts';
import { spread } from '../schedule.ts';
import { finder } from '../target.ts';

interface Planned {
  readonly due: number;
  readonly pod: number;
}

/** Distributes the requests over the stages by pod-seconds, and over the pods of each. */
function planRequests(
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

/** Sends one request. @throws Error where no address is found */
type Ask = () => Promise<Ended>;

/** Pods like curl: a request when one is due, on a new connection unless `reuse` is set. */
export async function run(load: SimpleApp, context: LoadContext): Promise<void> {
  const pods = context.pods(load.pods);
  const plan = planRequests(load, context.random);
  const clients = pods.map((pod) =>
    pod.own
      ? { node: pod.node, ask: load.reuse ? reusing(load, pod, context) : connecting(load, pod, context) }
      : undefined,
  );
  if (load.hold || load.leak) context.held.defer(() => void context.http.release());
  const spreadOut = new Set(pods.map(({ node }) => node)).size > 1;
  const due = plan.map((each) => each.due);
  await offerWhenDue(due, context, (i) => {
    const pod = plan[i]?.pod ?? 0;
    if (pod >= pods.length) throw new Error(`${load.pods}: there is no pod ${String(pod)}`);
    const client = clients[pod];
    if (client === undefined) return undefined;
    const node = spreadOut ? client.node : undefined;
    return async () => ({ ...(await client.ask().catch(() => ({ outcome: NOT_RESOLVED }))), node });
  });
}

/** A new connection per request. */
function connecting(load: SimpleApp, { name }: LoadPod, context: LoadContext): Ask {
  const pod = context.namespace(name);
  const find = finder(load, pod, context);
  const afterwards = load.leak ? 'leak' : load.hold ? 'hold' : 'close';
  const how = { seconds: load.connectTimeout, afterwards, scarce: load.localPorts === 'scarce' } as const;
  return async () => getOnce(pod, await find(), how, context);
}

/** One connection, kept and reused. */
function reusing(load: SimpleApp, { name }: LoadPod, context: LoadContext): Ask {
  const find = finder(load, context.namespace(name), context);
  const scarce = load.localPorts === 'scarce';
  const agent = podAgent(context, name, { keepAlive: true, scarce });
  return async () => ({
    outcome: await get(agent, await find(), { seconds: load.connectTimeout, scarce }, context),
  });
}

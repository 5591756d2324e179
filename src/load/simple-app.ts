import { Agent, request } from 'node:http';
import type { SimpleApp } from '../scenario/load.ts';
import type { LoadContext } from './context.ts';
import { connectFrom } from './connect.ts';
import { CONNECT_TIMEOUT, curlOutcome, HTTP_ERROR, OPERATION_TIMEOUT } from './curl.ts';
import type { LoadRunner } from './runner.ts';
import { openLoop, spread } from './schedule.ts';

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
  const target = context.service(load.service);
  const plan = planRequests(load, context.random);
  using held = new DisposableStack();
  const scarce = load.localPorts === 'scarce';
  const agents = pods.map((pod) => podAgent(context, pod.name, { keepAlive: load.reuse, scarce }, held));
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
      const agent = load.hold ? podAgent(context, name, { keepAlive: true, scarce }, held) : shared;
      context.outcomes.started(due);
      pending.push(
        get(agent, target, load, context).then((outcome) => {
          context.outcomes.ended(due, outcome);
        }),
      );
    },
    context.signal,
  );
  await Promise.all(pending);
}

function podAgent(
  context: LoadContext,
  pod: string,
  { keepAlive, scarce }: { keepAlive: boolean; scarce: boolean },
  held: DisposableStack,
): Agent {
  const agent = new Agent({ keepAlive, ...(keepAlive ? { maxSockets: 1 } : {}) });
  const namespace = context.namespace(pod);
  agent.createConnection = ({ host, port }) => {
    const socket = connectFrom(namespace, host ?? '', Number(port));
    if (scarce) held.defer(() => socket.destroyed || socket.resetAndDestroy());
    return socket;
  };
  held.defer(() => {
    agent.destroy();
  });
  return agent;
}

/** One request, as `curl --max-time`: answered or not within so many seconds. */
function get(
  agent: Agent,
  { ip, port }: { ip: string; port: number },
  { connectTimeout, localPorts }: SimpleApp,
  { outcomes, signal }: LoadContext,
): Promise<string> {
  return new Promise((resolve) => {
    const call = request({ agent, host: ip, port, path: '/', signal }, (response) => {
      const { statusCode = 0 } = response;
      response.resume().once('end', () => {
        settle(statusCode < 400 ? 'ok' : `${HTTP_ERROR}: ${String(statusCode)}`);
      });
    });
    const timer = setTimeout(() => {
      settle(call.socket?.connecting === false ? OPERATION_TIMEOUT : CONNECT_TIMEOUT);
      call.destroy();
    }, connectTimeout * 1000);
    const settle = (outcome: string): void => {
      clearTimeout(timer);
      resolve(outcome);
    };
    call.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRNOTAVAIL' && localPorts === 'plenty')
        outcomes.starve('the pods are out of local ports');
      if (error.code === 'EMFILE') outcomes.starve('out of file descriptors: raise the limit of open files');
      settle(curlOutcome(error));
    });
    call.end();
  });
}

import type { NetNamespace } from '../../kernel/netns.ts';
import { nft } from '../../kernel/nft.ts';
import type { Reconnect } from './schema.ts';
import { Crowd, type CrowdOptions } from './crowd.ts';
import type { LoadContext } from '../context.ts';
import { CONNECT_TIMEOUT } from '../curl.ts';
import { TOO_LATE } from '../outcome-words.ts';

const ONE_SECOND = 1000;
/** Half the crowd, then all of it. */
const FIGURES = { 'back.half': 0.5, 'back.all': 1 } as const;

/** A backend that restarts, and all clients connected to it. */
export async function run(load: Reconnect, context: LoadContext): Promise<void> {
  const { outcomes, signal } = context;
  const { clients, patience, giveUp, goodbye, within, reaction } = load;
  const options = await assemble(load, context);
  using crowd = new Crowd(options);
  const [before, after] = [options.flows.take(clients), options.flows.take(clients)];
  const now = (): number => outcomes.elapsed();
  const held: number[] = [];
  await crowd.connect({
    from: before,
    due: new Float64Array(clients).fill(now()),
    now,
    signal,
    // One attempt each: a table without room now is too small for the crowd.
    giveUp: patience * ONE_SECOND,
    started: () => undefined,
    connected: (i) => held.push(before + i),
  });
  const restart = now();
  await crowd.end(held, goodbye, signal);
  const from = now();
  const due = Float64Array.from({ length: clients }, (_, i) => from + (i * within * ONE_SECOND) / clients);
  const back = new Float64Array(clients).fill(Infinity);
  let inTime = 0;
  await crowd.connect({
    from: after,
    due,
    now,
    signal,
    giveUp: giveUp * ONE_SECOND,
    started: (i) => {
      outcomes.started(due[i] ?? 0);
    },
    connected: (i) => {
      const late = now() - (due[i] ?? 0) > patience * ONE_SECOND;
      outcomes.ended(due[i] ?? 0, late ? TOO_LATE : 'ok');
      if (!late) inTime++;
      back[i] = now() - restart;
    },
  });
  due.forEach((at, i) => {
    if (back[i] === Infinity) outcomes.ended(at, CONNECT_TIMEOUT);
  });
  const took = ((due.at(-1) ?? 0) - restart) / ONE_SECOND;
  if (within === 0 && took > reaction)
    outcomes.starve(`it took ${took.toFixed(1)} s to send what should take ${String(reaction)} s at most`);
  context.measured({ 'back.late': 1 - inTime / clients, ...whenBack(back.sort()) });
}

/** Seconds from the restart until this share was back; absent where it never was. */
export function whenBack(sorted: Float64Array): Record<string, number> {
  const at = (part: number): number => sorted[Math.ceil(sorted.length * part) - 1] ?? Infinity;
  return Object.fromEntries(
    Object.entries(FIGURES).flatMap(([name, part]) =>
      Number.isFinite(at(part)) ? [[name, Math.round(at(part)) / ONE_SECOND]] : [],
    ),
  );
}

async function assemble(load: Reconnect, context: LoadContext): Promise<CrowdOptions> {
  const [pod] = context.pods(load.pods);
  const { ip, port, targetPort, endpoints } = context.service(load.service);
  const [backend] = endpoints;
  if (backend === undefined) throw new Error(`${load.service}: there are no pods`);
  const [client, server] = [context.namespace(pod.name), context.namespace(backend.name)];
  await keepSilent(server, targetPort);
  return {
    client,
    server,
    flows: await context.crowd(pod.name),
    destination: { ip, port },
    backend: { ip: backend.ip, port: targetPort },
  };
}

/** Drops the SYNs, which the server pod's kernel would reset: nothing listens there. */
async function keepSilent(server: NetNamespace, port: number): Promise<void> {
  const chain = `type filter hook prerouting priority raw; tcp dport ${String(port)} drop`;
  const anew = 'table ip stateless { }\ndelete table ip stateless\n';
  await nft(server, `${anew}table ip stateless {\nchain silent {\n${chain}\n}\n}\n`);
}

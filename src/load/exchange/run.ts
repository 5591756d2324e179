import type { LoadContext } from '../context.ts';
import { OPERATION_TIMEOUT } from '../curl.ts';
import { offerWhenDue } from '../offer-when-due.ts';
import { inTurn } from '../schedule.ts';
import { timeLimit } from '../time-limit.ts';
import { openClient, type Client } from './clients.ts';
import { rounds, type Exchange } from './schema.ts';

/** The clients' ports, the same in every phase, so that a phase meets the entries of the one before. */
const FIRST_PORT = 40_000;

/** Numbered questions that a server answers. */
export async function run(load: Exchange, context: LoadContext): Promise<void> {
  const service = context.service(load.service);
  const pods = context.pods(load.pods);
  using open = new DisposableStack();
  const clients = Array.from({ length: load.clients }, (_, i) => {
    const pod = inTurn(pods, i);
    if (!pod.own) return undefined;
    return open.use(openClient({ pod: context.namespace(pod.name), own: FIRST_PORT + i, service, load }));
  });
  const patience = load.patience * 1000 + context.slack;
  await offerWhenDue(dueTimes(load), context, (i) => {
    const client = clients[i % clients.length];
    return client && (() => asked(client, i, patience));
  });
}

/** Each client asks every `everyMs`; clients take turns within `spread` of each round. */
export function dueTimes(load: Exchange): readonly number[] {
  const { clients, everyMs, after, seconds, spread = everyMs / 1000 } = load;
  const count = rounds(seconds, everyMs);
  return Array.from(
    { length: count * clients },
    (_, i) => after * 1000 + Math.floor(i / clients) * everyMs + ((i % clients) * spread * 1000) / clients,
  );
}

/** @param patience ms */
function asked(client: Client, question: number, patience: number): Promise<string> {
  return new Promise((resolve) => {
    const clear = timeLimit(patience, () => {
      client.giveUp?.(question);
      resolve(OPERATION_TIMEOUT);
    });
    client.ask(question, (outcome) => {
      clear();
      resolve(outcome);
    });
  });
}

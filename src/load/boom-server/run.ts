import type { Socket } from 'node:net';
import type { BoomServer } from './schema.ts';
import { request } from '../../server/boom-server.ts';
import { Forger } from '../../server/forger.ts';
import { connectFrom } from '../../kernel/connect.ts';
import type { LoadContext } from '../context.ts';
import { curlOutcome, EMPTY_REPLY, OPERATION_TIMEOUT } from '../curl.ts';
import { offerEvenly } from '../offer-evenly.ts';
import { timeLimit } from '../time-limit.ts';

/** Clients of a boom-server: each asks once, and succeeds if the true answer arrives. */
export async function run(load: BoomServer, context: LoadContext): Promise<void> {
  const { ip, port } = context.service(load.service);
  const { segment, forgedBy } = load;
  using forgers = new DisposableStack();
  const byPod = new Map<string, Forger>();
  const forgerOf = (pod: string): Forger => {
    const forger = byPod.get(pod) ?? forgers.use(new Forger(context.namespace(pod)));
    byPod.set(pod, forger);
    return forger;
  };
  await offerEvenly({ ...load, operations: load.connections }, context, ({ name }) => {
    const forger = forgedBy === 'client' && segment !== 'none' ? forgerOf(name) : undefined;
    const socket = connectFrom(context.namespace(name), ip, port);
    return ask(socket, load, context.slack, () => {
      if (forger === undefined || segment === 'none') return segment;
      // A run that is stopped does not wait for its connections: one may still open.
      if (forgers.disposed) return 'none';
      forger.send({ address: ip, port, own: socket.localPort ?? 0 }, segment);
      return 'none';
    });
  });
}

/** @param forge sends the client's segment, if it is the client who forges. @returns what the server is to forge */
function ask(
  socket: Socket,
  { patience }: BoomServer,
  slack: number,
  forge: () => BoomServer['segment'],
): Promise<string> {
  return new Promise((resolve) => {
    let answered = '';
    const clear = timeLimit(patience * 1000 + slack, () => {
      resolve(OPERATION_TIMEOUT);
      socket.resetAndDestroy();
    });
    socket
      .setEncoding('utf8')
      .once('connect', () => socket.write(request(forge())))
      .on('data', (text: string) => {
        answered += text;
      })
      .once('end', () => {
        resolve(answered === 'done\n' ? 'ok' : EMPTY_REPLY);
      })
      .once('error', (error) => {
        resolve(curlOutcome(error));
      })
      .once('close', clear);
  });
}

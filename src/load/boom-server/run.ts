import type { Socket } from 'node:net';
import type { BoomServer } from './schema.ts';
import { request } from '../../server/boom-server.ts';
import { connectFrom } from '../../kernel/connect.ts';
import type { LoadContext } from '../context.ts';
import { curlOutcome, EMPTY_REPLY, OPERATION_TIMEOUT } from '../curl.ts';
import { offerEvenly } from '../offer-evenly.ts';
import { timeLimit } from '../time-limit.ts';

/** Clients of a boom-server: each asks once, and succeeds if the true answer arrives. */
export async function run(load: BoomServer, context: LoadContext): Promise<void> {
  const { ip, port } = context.service(load.service);
  await offerEvenly({ ...load, operations: load.connections }, context, ({ name }) =>
    ask(connectFrom(context.namespace(name), ip, port), load, context.slack),
  );
}

function ask(socket: Socket, { segment, patience }: BoomServer, slack: number): Promise<string> {
  return new Promise((resolve) => {
    let answered = '';
    const clear = timeLimit(patience * 1000 + slack, () => {
      resolve(OPERATION_TIMEOUT);
      socket.resetAndDestroy();
    });
    socket
      .setEncoding('utf8')
      .once('connect', () => socket.write(request(segment)))
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

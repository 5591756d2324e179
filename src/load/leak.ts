import { connectFrom } from './connect.ts';
import type { LoadContext } from './context.ts';
import { CONNECT_TIMEOUT, curlOutcome, EMPTY_REPLY, OPERATION_TIMEOUT } from './curl.ts';
import type { Target } from './target.ts';

/** A server that is connected to is waited for, longer than a busy machine makes it take. */
const PATIENCE_MS = 5_000;

/**
 * One request of a client that has a bug: the server answers and closes, and the client never does. Its socket stays
 * in CLOSE_WAIT until the phase is over.
 */
export function leak(
  pod: string,
  { ip, port }: Target,
  seconds: number,
  { namespace, held }: Pick<LoadContext, 'namespace' | 'held'>,
): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectFrom(namespace(pod), ip, port, { allowHalfOpen: true });
    let answered = '';
    const giveUp = (outcome: string): void => {
      resolve(outcome);
      socket.destroy();
    };
    let timer = setTimeout(giveUp, seconds * 1000, CONNECT_TIMEOUT);
    // Reset: a FIN that finds its entry flushed would be sent again into the next phase.
    held.defer(() => socket.destroyed || socket.resetAndDestroy());
    socket
      .setEncoding('latin1')
      .once('connect', () => {
        clearTimeout(timer);
        timer = setTimeout(giveUp, PATIENCE_MS, OPERATION_TIMEOUT);
        socket.write(`GET / HTTP/1.1\r\nHost: ${ip}\r\nConnection: close\r\n\r\n`);
      })
      .on('data', (text: string) => {
        answered += text;
      })
      .once('end', () => {
        clearTimeout(timer);
        resolve(answered.startsWith('HTTP/1.1 200') ? 'ok' : EMPTY_REPLY);
      })
      .once('error', (error) => {
        clearTimeout(timer);
        resolve(curlOutcome(error));
      });
  });
}

import { connectFrom } from '../kernel/connect.ts';
import type { LoadContext, LoadPod } from './context.ts';
import { CONNECT_TIMEOUT, curlOutcome } from './curl.ts';
import { timeLimit } from './time-limit.ts';

interface Address {
  readonly ip: string;
  readonly port: number;
}

/**
 * Opens a TCP connection out of a pod, and closes it at once.
 *
 * @param timeout s; the lab's own slowness is added
 * @returns `ok`, or the failure in curl's words: `(7) Failed to connect: Connection refused`
 */
export function connectOnce(
  { namespace, slack }: Pick<LoadContext, 'namespace' | 'slack'>,
  pod: LoadPod,
  { ip, port }: Address,
  timeout: number,
): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectFrom(namespace(pod.name), ip, port);
    const clear = timeLimit(timeout * 1000 + slack, () => {
      resolve(CONNECT_TIMEOUT);
      socket.destroy();
    });
    socket
      .once('connect', () => {
        resolve('ok');
        socket.end();
      })
      .once('error', (error) => {
        resolve(curlOutcome(error));
      })
      .once('close', clear)
      .resume();
  });
}

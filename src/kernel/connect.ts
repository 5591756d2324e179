import { once } from 'node:events';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { IPPROTO_TCP, setsockopt, TCP_USER_TIMEOUT } from './libc.ts';
import type { Namespace } from './netns.ts';
import { tcpListener, tcpSocket } from './socket.ts';

/** Maximum wait of one attempt, ms: a SYN to where nothing answers would be resent for minutes. */
const ATTEMPT_MS = 1_000;

interface Options {
  readonly allowHalfOpen?: boolean;
  /** TCP_USER_TIMEOUT: the kernel closes a connection whose data is unacknowledged for this long (ETIMEDOUT). */
  readonly userTimeoutMs?: number;
  /** The local port, also one that a closed connection still has (SO_REUSEADDR). Default: the kernel's choice. */
  readonly from?: number;
}

/**
 * A TCP connection out of a pod. A socket stays in the namespace it was made in, so the pod needs no process.
 */
export function connectFrom(
  pod: Namespace,
  host: string,
  port: number,
  { userTimeoutMs, from, ...options }: Options = {},
): Socket {
  // A bound socket, which would listen only after listen(2).
  const fd = from === undefined ? tcpSocket(pod) : tcpListener(pod, '0.0.0.0', from);
  if (userTimeoutMs !== undefined) setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, Math.ceil(userTimeoutMs));
  const given = { ...options, fd, manualStart: true };
  return new Socket(given).connect({ host, port });
}

/**
 * Connects until a server accepts, and closes the connection.
 *
 * @param times the maximum wait, and the pause between two attempts, ms
 * @throws the last attempt's error, once `withinMs` are over
 */
export async function untilAccepted(
  pod: Namespace,
  ip: string,
  port: number,
  { withinMs, everyMs }: { readonly withinMs: number; readonly everyMs: number },
): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const socket = connectFrom(pod, ip, port);
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(ATTEMPT_MS) });
      return;
    } catch (error) {
      if (performance.now() >= deadline) throw error;
      await delay(everyMs);
    } finally {
      socket.resetAndDestroy();
    }
  }
}

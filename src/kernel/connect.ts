import { Socket } from 'node:net';
import { IPPROTO_TCP, setsockopt, TCP_USER_TIMEOUT } from './libc.ts';
import type { Namespace } from './netns.ts';
import { tcpListener, tcpSocket } from './socket.ts';

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

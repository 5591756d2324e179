import { Socket } from 'node:net';
import { IPPROTO_TCP, setsockopt, TCP_USER_TIMEOUT } from './libc.ts';
import type { NetNamespace } from './netns.ts';
import { tcpSocket } from './socket.ts';

/** Options of a connection. */
interface Options {
  readonly allowHalfOpen?: boolean;
  /** TCP_USER_TIMEOUT: the kernel closes a connection whose data is unacknowledged for this long (ETIMEDOUT). */
  readonly userTimeoutMs?: number;
}

/**
 * A TCP connection out of a pod. A socket stays in the namespace it was made in, so the pod needs no process.
 */
export function connectFrom(
  pod: NetNamespace,
  host: string,
  port: number,
  { userTimeoutMs, ...options }: Options = {},
): Socket {
  const fd = tcpSocket(pod);
  if (userTimeoutMs !== undefined) setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, Math.ceil(userTimeoutMs));
  const given = { ...options, fd, manualStart: true };
  return new Socket(given).connect({ host, port });
}

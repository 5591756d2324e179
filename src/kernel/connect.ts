import { Socket } from 'node:net';
import type { NetNamespace } from './netns.ts';
import { tcpSocket } from './socket.ts';

/**
 * A TCP connection out of a pod. A socket stays in the namespace it was made in, so the pod needs no process.
 */
export function connectFrom(
  pod: NetNamespace,
  host: string,
  port: number,
  options: { readonly allowHalfOpen?: boolean } = {},
): Socket {
  const given = { ...options, fd: tcpSocket(pod), manualStart: true };
  return new Socket(given).connect({ host, port });
}

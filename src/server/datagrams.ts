import { createSocket, type Socket } from 'node:dgram';
import type { Fd } from '../kernel/socket.ts';

/** Sends a datagram to an address of a peer's; to port 0, where nobody can be, none. */
export type SendTo = (message: Uint8Array, port: number, ip: string) => void;

/**
 * A UDP server until it is closed. Anybody in the lab may send it anything, from any port: that must not end the agent.
 *
 * @param fd a bound socket, made in the namespace that it serves
 * @param told called with each datagram
 */
export function serveDatagrams(
  fd: Fd,
  told: (message: Buffer, from: { readonly address: string; readonly port: number }, send: SendTo) => void,
): Socket {
  const socket = createSocket('udp4');
  const send = sendingBy(socket);
  socket.on('message', (message, from) => {
    told(message, from, send);
  });
  return bound(socket, fd);
}

/** A UDP socket that only sends. */
export function openSender(fd: Fd): SendTo {
  return sendingBy(bound(createSocket('udp4'), fd));
}

/** A full table refuses the node's own datagrams with EPERM; clients retry. */
function bound(socket: Socket, fd: Fd): Socket {
  return socket.on('error', () => undefined).bind({ fd });
}

function sendingBy(socket: Socket): SendTo {
  return (message, port, ip) => {
    // Node throws for port 0.
    if (port !== 0) socket.send(message, port, ip);
  };
}

import { createServer, type Server } from 'node:net';
import { Transform } from 'node:stream';
import type { Fd } from '../kernel/socket.ts';

/**
 * Sends back what it gets. A client that has shut down its sending half (FIN) still gets all of it, and the
 * server's FIN after that.
 *
 * @param delay s before each part of it
 */
export function openEcho(listener: Fd, delay = 0): Server {
  return createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    if (delay === 0) socket.pipe(socket);
    else socket.pipe(late(delay * 1000)).pipe(socket);
  }).listen({ fd: listener });
}

/** @param delay ms */
function late(delay: number): Transform {
  return new Transform({
    transform: (chunk, _, passed) => setTimeout(passed, delay, null, chunk),
  });
}

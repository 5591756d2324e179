import { createServer, type Socket } from 'node:net';
import { z } from 'zod';
import type { NetNamespace } from '../kernel/netns.ts';
import { Forger } from './forger.ts';
import { SEGMENTS, type Segment } from './segments.ts';

/** Delay of the real answer after the forged segment, s; a reset needs one round trip, far less. */
const GRACE = 0.1;
const segmentSchema = z.enum(SEGMENTS);

/** A client's request, which names the segment to forge. */
export function request(segment: Segment): string {
  return `hello ${segment}\n`;
}

/**
 * The server of issue 74839: it answers with a forged segment, then with the truth if still connected. It
 * counts resets, which crash its pod.
 */
export class BoomApp {
  /** ECONNRESETs of requests; each would crash a pod of which this is the program. */
  resets = 0;
  readonly #onReset: () => void;
  readonly #forger: Forger;
  readonly #delay: number;

  /**
   * @param fd a bound socket, made in the pod's namespace
   * @param delay s until the true answer
   */
  constructor(pod: NetNamespace, fd: number, delay = GRACE, onReset: () => void = () => undefined) {
    this.#delay = delay;
    this.#onReset = onReset;
    this.#forger = new Forger(pod);
    createServer((socket) => {
      this.#serve(socket);
    }).listen({ fd });
  }

  #serve(socket: Socket): void {
    const { remoteAddress: address = '', remotePort: port = 0, localPort: own = 0 } = socket;
    let answer: NodeJS.Timeout | undefined;
    socket.once('data', (asked) => {
      const segment = segmentSchema.parse(/^hello (.*)\n$/.exec(asked.toString())?.[1]);
      if (segment !== 'none') this.#forger.send({ address, port, own }, segment);
      answer = setTimeout(() => {
        if (socket.writable) socket.end('done\n');
      }, this.#delay * 1000);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // A connection without a request was a probe.
      if (error.code !== 'ECONNRESET' || answer === undefined) return;
      this.resets++;
      this.#onReset();
    });
    socket.once('close', () => {
      clearTimeout(answer);
      this.#forger.forget({ address, port, own });
    });
  }
}

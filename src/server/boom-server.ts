import { createServer, type Socket } from 'node:net';
import { z } from 'zod';
import type { NetNamespace } from '../kernel/netns.ts';
import { recv } from '../kernel/libc.ts';
import { buildTcp, parseTcp, TCP, type TcpSegment } from '../kernel/packet.ts';
import { rawSocket, rawTcpReceiver, sendPacket, type Fd } from '../kernel/socket.ts';
import { SEGMENTS, type Segment } from './segments.ts';

/**
 * Distance of the forged segment from the next expected byte. `below` is issue 74839's original (seq = ack −
 * 100000), which kernels from 6.1 on take for overly delayed; `above` is beyond any window.
 */
const OFFSET = { below: -100_000, above: 10_000_000, inside: 100, reset: -100 } as const satisfies Record<
  Exclude<Segment, 'none'>,
  number
>;

/** Delay of the real answer after the forged segment, ms; a reset needs one round trip, far less. */
const GRACE_MS = 100;
const FORGED = Buffer.from('boom');
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
  readonly #receiver: Fd;
  readonly #sender: Fd;
  readonly #ip: string;
  readonly #port: number;
  /** The last segment from each client, by `address:port`. */
  readonly #last = new Map<string, TcpSegment>();

  /** @param fd a bound socket, made in the pod's namespace */
  constructor(
    pod: NetNamespace,
    { ip, port, fd }: { readonly ip: string; readonly port: number; readonly fd: number },
    onReset: () => void = () => undefined,
  ) {
    this.#onReset = onReset;
    this.#ip = ip;
    this.#port = port;
    this.#receiver = rawTcpReceiver(pod);
    this.#sender = rawSocket(pod);
    createServer((socket) => {
      this.#serve(socket);
    }).listen({ fd });
  }

  #serve(socket: Socket): void {
    const client = `${socket.remoteAddress ?? ''}:${String(socket.remotePort)}`;
    let answer: NodeJS.Timeout | undefined;
    socket.once('data', (asked) => {
      // Raw sockets receive a segment before TCP does, so the request's segment is here already.
      for (const segment of drain(this.#receiver))
        this.#last.set(`${segment.source}:${String(segment.sourcePort)}`, segment);
      const seen = this.#last.get(client);
      const segment = segmentSchema.parse(/^hello (.*)\n$/.exec(asked.toString())?.[1]);
      if (segment !== 'none' && seen !== undefined) sendPacket(this.#sender, this.#forge(seen, segment));
      answer = setTimeout(() => {
        if (socket.writable) socket.end('done\n');
      }, GRACE_MS);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // A connection without a request was a probe.
      if (error.code !== 'ECONNRESET' || answer === undefined) return;
      this.resets++;
      this.#onReset();
    });
    socket.once('close', () => {
      clearTimeout(answer);
      this.#last.delete(client);
    });
  }

  /**
   * The ack is valid: the RST in reply takes its sequence number from it, and only an exact one is accepted.
   */
  #forge(seen: TcpSegment, segment: Exclude<Segment, 'none'>): Buffer {
    const isReset = segment === 'reset';
    return buildTcp({
      source: this.#ip,
      destination: seen.source,
      sourcePort: this.#port,
      destinationPort: seen.sourcePort,
      seq: (seen.ack + OFFSET[segment]) >>> 0,
      ack: (seen.seq + seen.payload.length) >>> 0,
      flags: TCP.ACK | (isReset ? TCP.RST : TCP.PSH),
      window: 65_535,
      payload: isReset ? Buffer.alloc(0) : FORGED,
    });
  }
}

const LONGEST_PACKET = 65_535;

/** The segments pending at a receiver. */
function* drain(receiver: Fd): Generator<TcpSegment> {
  const buffer = Buffer.allocUnsafe(LONGEST_PACKET);
  for (let length = recv(receiver, buffer); length !== undefined; length = recv(receiver, buffer)) {
    yield parseTcp(Buffer.from(buffer.subarray(0, length)));
  }
}

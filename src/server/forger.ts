import { closeSync } from 'node:fs';
import type { NetNamespace } from '../kernel/netns.ts';
import { recv } from '../kernel/libc.ts';
import { buildTcp, parseTcp, TCP, type TcpSegment } from '../kernel/packet.ts';
import { rawSocket, rawTcpReceiver, sendPacket, type Fd } from '../kernel/socket.ts';
import type { Segment } from './segments.ts';

interface Forged {
  /** Its distance from the next expected byte. */
  readonly offset: number;
  readonly flags: number;
  readonly payload: Buffer;
}

/** Beyond any window. */
const ABOVE = 10_000_000;
const DATA = { flags: TCP.ACK | TCP.PSH, payload: Buffer.from('boom') };
const NO_DATA = Buffer.alloc(0);
/**
 * `below` is issue 74839's original (seq = ack − 100000), which kernels from 6.1 on take for overly delayed.
 */
const FORGED = {
  below: { offset: -100_000, ...DATA },
  above: { offset: ABOVE, ...DATA },
  inside: { offset: 100, ...DATA },
  reset: { offset: -100, flags: TCP.ACK | TCP.RST, payload: NO_DATA },
  fin: { offset: ABOVE, flags: TCP.ACK | TCP.FIN, payload: NO_DATA },
} as const satisfies Record<Exclude<Segment, 'none'>, Forged>;

/** One end of a connection, seen from the other. */
interface Peer {
  readonly address: string;
  readonly port: number;
  /** The port at this end. */
  readonly own: number;
}

/** Sends segments that the connections of a pod did not. */
export class Forger implements Disposable {
  readonly #receiver: Fd;
  readonly #sender: Fd;
  /** The last segment from each peer. */
  readonly #last = new Map<string, TcpSegment>();

  constructor(pod: NetNamespace) {
    this.#receiver = rawTcpReceiver(pod);
    this.#sender = rawSocket(pod);
  }

  /** Forges an answer to the peer's last segment; sends nothing where the peer has sent none. */
  send(peer: Peer, segment: Exclude<Segment, 'none'>): void {
    // Raw sockets receive a segment before TCP does, so the peer's last is here already.
    for (const received of drain(this.#receiver)) this.#last.set(keyOf(endOf(received)), received);
    const seen = this.#last.get(keyOf(peer));
    if (seen !== undefined) sendPacket(this.#sender, forge(seen, segment));
  }

  /** To be called when a connection is over. */
  forget(peer: Peer): void {
    this.#last.delete(keyOf(peer));
  }

  [Symbol.dispose](): void {
    closeSync(this.#receiver);
    closeSync(this.#sender);
  }
}

function endOf({ source, sourcePort, destinationPort }: TcpSegment): Peer {
  return { address: source, port: sourcePort, own: destinationPort };
}

function keyOf({ address, port, own }: Peer): string {
  return `${address}:${String(port)} ${String(own)}`;
}

/** The ack is valid: the RST in reply takes its sequence number from it, and only an exact one is accepted. */
function forge(seen: TcpSegment, segment: Exclude<Segment, 'none'>): Buffer {
  const { offset, flags, payload } = FORGED[segment];
  const length = seen.payload.length + (seen.flags & TCP.SYN ? 1 : 0);
  return buildTcp({
    source: seen.destination,
    destination: seen.source,
    sourcePort: seen.destinationPort,
    destinationPort: seen.sourcePort,
    seq: (seen.ack + offset) >>> 0,
    ack: (seen.seq + length) >>> 0,
    flags,
    window: 65_535,
    payload,
  });
}

const LONGEST_PACKET = 65_535;

/** The segments pending at a receiver. */
function* drain(receiver: Fd): Generator<TcpSegment> {
  const buffer = Buffer.allocUnsafe(LONGEST_PACKET);
  for (let length = recv(receiver, buffer); length !== undefined; length = recv(receiver, buffer)) {
    yield parseTcp(Buffer.from(buffer.subarray(0, length)));
  }
}

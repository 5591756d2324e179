import { closeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { pinned } from '../../kernel/affinity.ts';
import type { PacketBatch } from '../../kernel/batch.ts';
import { readable, recv } from '../../kernel/libc.ts';
import type { NetNamespace } from '../../kernel/netns.ts';
import { OFFSET, TCP } from '../../kernel/packet.ts';
import { packetReceiver, rawSocket, type Fd } from '../../kernel/socket.ts';
import type { End } from '../flood/bare-packets.ts';
import { endIn, handshake, segmentsOf, sendFlows } from '../flood/flow-packets.ts';
import type { Flows } from '../flood/flows.ts';

/** Packets that fit a receiver's buffer before it is emptied. */
const BATCH = 256;
/** About 10 ms: samples stay punctual. */
const BATCHES_A_TURN = 2;
/** Maximum wait for a packet, ms; an abort is noticed within it. */
const LONGEST_WAIT_MS = 50;
/** TCP's first SYN retransmissions, ms after the first SYN (RFC 6298: 1 s, then doubled each time). */
const AGAIN_AFTER = [1000, 3000, 7000, 15_000] as const;

export interface CrowdOptions {
  readonly client: NetNamespace;
  readonly server: NetNamespace;
  readonly flows: Flows;
  /** The service's address, and that of its one endpoint. */
  readonly destination: End;
  readonly backend: End;
}

/** Attempts of the flows `from` to `from + due.length - 1`. */
interface Attempts {
  readonly from: number;
  /** Earliest start of each, ascending, ms on the clock of `now`; set to when it was first sent. */
  readonly due: Float64Array;
  readonly now: () => number;
  /** Unconnected flows are given up this long after the last first SYN, ms. */
  readonly giveUp: number;
  readonly started: (index: number) => void;
  readonly connected: (index: number) => void;
  readonly signal: AbortSignal;
}

/**
 * TCP connections by the hundred thousand without sockets. Both ends send raw packets and read arrivals, so a
 * SYN that the node drops goes unanswered and is retransmitted like TCP's.
 */
export class Crowd implements Disposable {
  readonly #open = new DisposableStack();
  readonly #flows: Flows;
  readonly #client: { readonly send: Fd; readonly receive: Fd };
  readonly #server: { readonly send: Fd; readonly receive: Fd };
  readonly #handshake: ReturnType<typeof handshake>;
  readonly #reset: PacketBatch;
  readonly #goodbye: readonly PacketBatch[];
  readonly #packet = Buffer.alloc(2048);

  constructor({ client, server, flows, ...shared }: CrowdOptions) {
    const ends = (space: NetNamespace): { send: Fd; receive: Fd } => ({
      send: this.#open.adopt(rawSocket(space), closeSync),
      receive: this.#open.adopt(packetReceiver(space), closeSync),
    });
    this.#flows = flows;
    this.#client = ends(client);
    this.#server = ends(server);
    this.#handshake = handshake(shared, BATCH);
    const segments = segmentsOf(shared, BATCH);
    this.#reset = segments.server(TCP.RST | TCP.ACK, 2, 2);
    this.#goodbye = [
      segments.server(TCP.FIN | TCP.ACK, 2, 2),
      segments.client(TCP.FIN | TCP.ACK, 2, 3),
      segments.server(TCP.ACK, 3, 3),
    ];
  }

  /** Connects each flow when it is due, retransmitting SYNs. @returns once all are connected or given up */
  async connect({ from, due, now, giveUp, started, connected, signal }: Attempts): Promise<void> {
    const there = new Uint8Array(due.length);
    // Next flow of each attempt: within an attempt, flows come due in order.
    const next = [0, ...AGAIN_AFTER].map((after) => ({ after, index: 0 }));
    let missing = due.length;
    const arrived = (flow: number): void => {
      const index = flow - from;
      if (index < 0 || index >= there.length || there[index] === 1) return;
      there[index] = 1;
      missing--;
      connected(index);
    };
    /** @returns whether a packet was sent or received */
    const turn = (): boolean => {
      let busy = false;
      for (let i = 0; i < BATCHES_A_TURN; i++) {
        const batch: number[] = [];
        for (const attempt of next) {
          for (; batch.length < BATCH && attempt.index < due.length; attempt.index++) {
            if ((due[attempt.index] ?? 0) + attempt.after > now()) break;
            if (there[attempt.index] === 1) continue;
            if (attempt.after === 0) {
              due[attempt.index] = now();
              started(attempt.index);
            }
            batch.push(from + attempt.index);
          }
        }
        this.#send(this.#handshake.syn, this.#client.send, batch);
        busy = this.#answer(arrived) || batch.length > 0 || busy;
      }
      return busy;
    };
    /** ms until a SYN is due. */
    const idle = (): number =>
      next.reduce(
        (least, { after, index }) => Math.min(least, (due[index] ?? Infinity) + after - now()),
        LONGEST_WAIT_MS,
      );
    const [first] = next;
    const over = (): boolean =>
      missing === 0 || (first?.index === due.length && now() > (due.at(-1) ?? 0) + giveUp);
    while (!over()) {
      signal.throwIfAborted();
      if (pinned(turn)) await setImmediate();
      else await readable([this.#client.receive, this.#server.receive], Math.max(1, Math.floor(idle())));
    }
  }

  /** Ends these flows from the server, as fast as packets can be sent. */
  async end(flows: readonly number[], goodbye: 'reset' | 'close', signal: AbortSignal): Promise<void> {
    for (let done = 0; done < flows.length; done += BATCH) {
      const batch = flows.slice(done, done + BATCH);
      signal.throwIfAborted();
      pinned(() => {
        if (goodbye === 'reset') this.#send(this.#reset, this.#server.send, batch);
        else
          this.#goodbye.forEach((part, i) => {
            this.#send(part, (i === 1 ? this.#client : this.#server).send, batch);
          });
        this.#answer(() => undefined);
      });
      if (done % (BATCH * BATCHES_A_TURN) === 0) await setImmediate();
    }
  }

  [Symbol.dispose](): void {
    this.#open.dispose();
  }

  #send(batch: PacketBatch, through: Fd, flows: readonly number[]): void {
    sendFlows(batch, through, this.#flows, flows);
  }

  /** Answers SYNs and acknowledges SYN-ACKs that have arrived. @returns whether there were any */
  #answer(connected: (flow: number) => void): boolean {
    const asked = this.#arrived(this.#server.receive, TCP.SYN, 'source');
    this.#send(this.#handshake.synAck, this.#server.send, asked);
    const answered = this.#arrived(this.#client.receive, TCP.SYN | TCP.ACK, 'destination');
    this.#send(this.#handshake.ack, this.#client.send, answered);
    answered.forEach(connected);
    return asked.length + answered.length > 0;
  }

  /** Flows whose packets with exactly these flags are pending at a receiver; at most a batch. */
  #arrived(receiver: Fd, flags: number, end: 'source' | 'destination'): number[] {
    const flows: number[] = [];
    while (flows.length < BATCH && recv(receiver, this.#packet) !== undefined) {
      if ((this.#packet.readUInt8(OFFSET.tcpFlags) & 0x3f) !== flags) continue;
      const flow = this.#flows.numberOf(endIn(this.#packet, end));
      if (flow !== undefined) flows.push(flow);
    }
    return flows;
  }
}

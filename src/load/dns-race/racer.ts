/**
 * A thread that sends one half of every pair, at the same moment as a thread on another CPU sends the other.
 * Sockets stay in the namespace they were made in, so it enters none.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { pinTo } from '../../kernel/affinity.ts';
import { sendto } from '../../kernel/libc.ts';
import type { Fd } from '../../kernel/socket.ts';

/**
 * Layout of the Int32Array shared by both racers and their owner: these fields, then the sockets by query.
 */
export const SHARED = { posted: 0, missed: 1, at: [2, 3], sent: [4, 5], sockets: 6 } as const;

/** Maximum busy wait for the other racer, ms; after that, it was kept from its CPU. */
const SPIN_MS = 0.1;
/** Turns between readings of the clock. */
const TURNS = 100;
/** Maximum sleep until the other racer is there, ms. */
const SLEEP_MS = 50;

const racerSchema = z.strictObject({
  shared: z.instanceof(SharedArrayBuffer),
  half: z.union([z.literal(0), z.literal(1)]),
  cpu: z.number().int(),
  pairs: z.number().int(),
  query: z.instanceof(Uint8Array),
  to: z.instanceof(Uint8Array),
});
export type Racer = z.infer<typeof racerSchema>;

/** Sends a query with its own id. */
export function sendQuery(socket: Fd, query: Buffer, number: number, to: Buffer): void {
  query.writeUInt16BE(number % 0x10000);
  sendto(socket, query, to);
}

function race({ shared, half, cpu, pairs, query, to }: Racer): void {
  pinTo(cpu);
  const memory = new Int32Array(shared);
  const [own, other] = half === 0 ? SHARED.at : SHARED.at.toReversed();
  const [datagram, address] = [Buffer.from(query), Buffer.from(to)];
  parentPort?.postMessage('ready');
  for (let pair = 0; pair < pairs; pair++) {
    for (
      let posted = Atomics.load(memory, SHARED.posted);
      posted <= pair;
      posted = Atomics.load(memory, SHARED.posted)
    )
      Atomics.wait(memory, SHARED.posted, posted);
    const number = 2 * pair + half;
    const socket = Atomics.load(memory, SHARED.sockets + number);
    Atomics.store(memory, own, pair + 1);
    Atomics.notify(memory, own);
    if (!meet(memory, other, pair + 1)) Atomics.add(memory, SHARED.missed, 1);
    sendQuery(socket, datagram, number, address);
    Atomics.store(memory, SHARED.sent[half], pair + 1);
  }
}

/**
 * Waits busily, since a sleeper wakes too late. After SPIN_MS it sleeps, to free the CPU: this pair is no
 * race, but the next may be.
 *
 * @returns whether both racers are there now
 */
function meet(memory: Int32Array, other: number, pair: number): boolean {
  const until = performance.now() + SPIN_MS;
  do {
    for (let turn = 0; turn < TURNS; turn++) if (Atomics.load(memory, other) >= pair) return true;
  } while (performance.now() < until);
  const reached = Atomics.load(memory, other);
  if (reached < pair) Atomics.wait(memory, other, reached, SLEEP_MS);
  return false;
}

const started = racerSchema.safeParse(workerData);
if (started.success) race(started.data);

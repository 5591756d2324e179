/** The thread that samples an agent's tables; see Sampler. */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { readTable } from '../kernel/counters.ts';
import { threadId } from '../kernel/libc.ts';
import type { EventOf, Phase } from '../schema/history.ts';
import { millisecondsSince } from '../util/clock.ts';
import type { FromSampler, SamplerData, ToSampler } from './sampler.ts';

/** Often enough to see a table fill; a reading costs microseconds. */
const SAMPLE_EVERY_MS = 50;
/** Turns per batch of samples. */
const TURNS_A_BATCH = 2;
/** Ahead of clients and servers, where the process may raise it. */
const PRIORITY = -10;

const port = parentPort;
if (port === null) throw new Error('src/agent/sampler-thread.ts is a thread, not a program');
const { epoch, tables } = workerData as SamplerData;
let timer: NodeJS.Timeout | undefined;
let phase: Phase | undefined;
let samples: EventOf<'sample'>[] = [];
try {
  setPriority(threadId(), PRIORITY);
} catch {
  // Without the privilege the thread competes equally.
}

port.on('message', (message: ToSampler) => {
  if ('begin' in message) {
    phase = message.begin;
    sample();
    timer = setInterval(tick, SAMPLE_EVERY_MS);
    say({ began: true });
    return;
  }
  clearInterval(timer);
  sample();
  phase = undefined;
  deliver();
  say({ ended: true });
});

function tick(): void {
  sample();
  if (samples.length >= TURNS_A_BATCH * tables.length) deliver();
}

function sample(): void {
  if (phase === undefined) return;
  for (const [node, files] of tables)
    samples.push({ type: 'sample', t: millisecondsSince(epoch), phase, node, ...readTable(files) });
}

function deliver(): void {
  if (samples.length > 0) say({ samples });
  samples = [];
}

function say(message: FromSampler): void {
  port?.postMessage(message);
}

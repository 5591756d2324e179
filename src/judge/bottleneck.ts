import type { RecordedPhase } from '../history/run.ts';
import { kindOf } from '../load/index.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { Figures } from '../schema/verdict.ts';
import type { Doubt } from './doubt.ts';
import { count } from './words.ts';

/*
 * What kept the harness from working in a phase. Each limit is a share of the phase, with a minimum and a
 * maximum from the kernel's clocks: TCP waits at least 200 ms (TCP_RTO_MIN) before it retransmits, and 1 s
 * before it resends a SYN. A delay above the first looks like a lost packet, above the second like a lost
 * SYN.
 */

/** Who was too slow, and how. */
type Bottleneck = Required<Doubt>;

/** A share of a time, with its bounds in ms. */
interface Limit {
  readonly share: number;
  readonly least: number;
  readonly most: number;
}

/** The longest CPU wait of one thread. A quiet machine shows up to 0.2; runs fail at 0.7 and above. */
const WAITED: Limit = { share: 0.5, least: 50, most: Infinity };
/**
 * The longest pause in which the lab neither ran nor waited. Beside a dozen busy programs it reached 182 ms.
 * A stop of 0.4 s shows as at least 350 ms.
 */
const STOPPED: Limit = { share: 0.1, least: 150, most: 250 };
/** The longest time without a sample. The lab samples every 50 ms. */
const GAP: Limit = { share: 0.25, least: 150, most: 1000 };
/** How late the agent's timers were, 99th percentile. */
const LOOP: Limit = { share: 0.1, least: 100, most: 300 };
/** How late the load started, 95th percentile, of the time in which it is due. A later load is another load. */
const LATE: Limit = { share: 0.25, least: 200, most: 900 };
/** CPU time that the host took, of what the CPUs had to do. */
const STOLEN = 0.5;
/** Above this CPU wait, lateness is the busy machine's fault. */
const CONTENDED = 0.2;
/** Above this share of the wait, the CPU quota is to blame. The kernel counts about half of the throttled time. */
const BY_QUOTA = 0.25;

const TOO_BUSY = 'the machine was too busy: ';
const INNOCENT = 'nothing is wrong with the remedies';

/**
 * Whether the harness or its machine was the bottleneck of a phase. A missing measurement is no evidence.
 *
 * @param protocol its node under test has samples that show that the lab was at work
 */
export function bottleneck(
  phase: RecordedPhase,
  figures: Figures,
  { node, demand }: Pick<Protocol, 'node' | 'demand'>,
): Bottleneck | undefined {
  const { length } = phase;
  const waited = figures['harness.waited.most'] ?? figures['harness.waited'] ?? 0;
  const contended = length !== undefined && waited > CONTENDED * length;
  return (
    starvation(phase) ??
    (length === undefined
      ? undefined
      : ((kindOf(demand).ownPace(demand) ? undefined : waiting(figures, waited, length)) ??
        stolen(figures, length) ??
        stoodStill(phase, node, length, contended) ??
        slowLoop(figures, length, contended))) ??
    late(phase, contended)
  );
}

/** A generator that reports that it could not offer its load. */
export function starvation(phase: RecordedPhase): Bottleneck | undefined {
  const poor = phase.ofType('offered').find((event) => event.starved !== undefined);
  return poor && byGenerator(`the generator of ${poor.unit} was the bottleneck: ${String(poor.starved)}`);
}

/** Whether something stopped the lab once: it says nothing about the machine's speed. */
export function stopped({ length }: RecordedPhase, figures: Figures): Bottleneck | undefined {
  const { 'harness.stopped': ms = 0 } = figures;
  return length !== undefined && ms > limited(STOPPED, length)
    ? byMachine(`the lab was stopped for ${of(ms, length)}`)
    : undefined;
}

function waiting(figures: Figures, waited: number, length: number): Bottleneck | undefined {
  if (waited <= limited(WAITED, length)) return undefined;
  const { 'harness.throttled': throttled = 0, 'harness.quota': quota } = figures;
  const much = `the lab waited for a CPU ${share(waited, length)} of the time`;
  if (quota !== undefined && throttled >= BY_QUOTA * waited)
    return byMachine(`the quota of ${count(quota)} CPU is too small: ${much}`);
  return byMachine(`${TOO_BUSY}${much}`);
}

function stolen(figures: Figures, length: number): Bottleneck | undefined {
  const { 'machine.steal': steal = 0, 'machine.busy': busy } = figures;
  if (busy === undefined || steal <= STOLEN * (steal + busy) || steal <= limited(WAITED, length))
    return undefined;
  return byMachine(`the machine’s host was too busy: it took ${share(steal, steal + busy)} of the CPU time`);
}

/** Includes the time after the last sample. Nothing is offered before the first. */
function stoodStill(
  phase: RecordedPhase,
  node: string,
  length: number,
  contended: boolean,
): Bottleneck | undefined {
  const samples = phase.ofType('sample').filter((sample) => sample.node === node);
  const times = [...samples.map(({ t }) => t), phase.end ?? 0];
  const longest = times.reduce((most, t, i) => Math.max(most, t - (times[i - 1] ?? t)), 0);
  if (samples.length === 0 || longest <= limited(GAP, length)) return undefined;
  return byMachine(`${contended ? TOO_BUSY : ''}the lab stood still for ${of(longest, length)}`);
}

function slowLoop(
  { 'harness.loop.p99': p99 = 0 }: Figures,
  length: number,
  contended: boolean,
): Bottleneck | undefined {
  if (p99 <= limited(LOOP, length)) return undefined;
  return byEither(`the lab’s own timers were late by ${count(Math.round(p99))} ms (p99)`, contended);
}

function late(phase: RecordedPhase, contended: boolean): Bottleneck | undefined {
  for (const { unit, lateP95 } of phase.ofType('offered')) {
    if (lateP95 <= limited(LATE, dueWithin(phase, unit))) continue;
    const ms = count(Math.round(lateP95));
    return byEither(`the generator of ${unit} was late by ${ms} ms (p95)`, contended);
  }
  return undefined;
}

/** ms from the first due operation of a load to the last. */
function dueWithin(phase: RecordedPhase, unit: string): number {
  const due = phase.ofType('outcomes').flatMap((event) => (event.unit === unit ? event.due : []));
  const [first, last] = due.reduce(
    ([least, most], each) => [Math.min(least, each), Math.max(most, each)],
    [Infinity, -Infinity],
  );
  return Math.max(0, last - first);
}

function limited({ share: part, least, most }: Limit, time: number): number {
  return Math.min(most, Math.max(least, part * time));
}

function byMachine(what: string): Bottleneck {
  return { blames: 'machine', reason: `${what}; ${INNOCENT}` };
}

function byGenerator(what: string): Bottleneck {
  return { blames: 'generator', reason: `${what}; ${INNOCENT}` };
}

/** Blames the machine where the lab waited for a CPU, and the generator otherwise. */
function byEither(what: string, contended: boolean): Bottleneck {
  return contended ? byMachine(`${TOO_BUSY}${what}`) : byGenerator(what);
}

/** `412 of 2,300 ms` */
function of(ms: number, length: number): string {
  return `${count(Math.round(ms))} of ${count(Math.round(length))} ms`;
}

function share(part: number, whole: number): string {
  return `${count(Math.round((100 * part) / whole))} %`;
}

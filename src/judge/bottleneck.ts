import type { RecordedPhase } from '../history/run.ts';
import type { Figures } from '../schema/verdict.ts';
import { count } from './words.ts';

/*
 * What kept the harness from working in a phase, so that the phase shows nothing. Every limit is a share of the
 * phase, held between a least and a most where the kernel's own clocks set them: TCP waits at least 200 ms
 * (TCP_RTO_MIN) before it sends anything again, and a second before it sends a SYN again. What is later than the
 * first may be taken for a loss, what is later than the second for a lost SYN.
 */

/** Who was too slow, and that in one sentence. */
export interface Bottleneck {
  readonly blame: 'machine' | 'generator';
  readonly sentence: string;
}

/** A share of a time, with the ms that it is at least and at most. */
interface Limit {
  readonly share: number;
  readonly least: number;
  readonly most: number;
}

/** Of the phase: the thread that waited longest for a CPU. On a quiet machine up to 0.2, where runs fail 0.7 and above. */
const WAITED: Limit = { share: 0.5, least: 50, most: Infinity };
/**
 * Of the phase: the longest pause in which the lab neither ran nor waited. Running labs came to 182 ms beside a dozen
 * busy programs; of a stop of 0.4 s at least 350 ms show.
 */
const STOPPED: Limit = { share: 0.1, least: 150, most: 250 };
/** Of the phase: the longest time without a sample, of which there is one every 50 ms. */
const GAP: Limit = { share: 0.25, least: 150, most: 1000 };
/** Of the phase: how late the agent's own timers were, 99th percentile. */
const LOOP: Limit = { share: 0.1, least: 100, most: 300 };
/** Of the time in which a load is due: how late it was started, 95th percentile. Later, it is another load. */
const LATE: Limit = { share: 0.25, least: 200, most: 900 };
/** Of what the CPUs had to do: what the host ran something else for. */
const STOLEN = 0.5;
/** Of the phase: a lab that waited longer for a CPU was late because the machine was busy. */
const CONTENDED = 0.2;
/** Of what the lab waited, from which on a quota is named as the cause: the kernel counts about half of what it stops. */
const BY_QUOTA = 0.25;

const TOO_BUSY = 'the machine was too busy: ';
const INNOCENT = 'nothing is wrong with the remedies';

/**
 * Was the harness, or the machine that it ran on, the bottleneck of a phase? What was not measured is no evidence.
 *
 * @param node the node whose samples show that the lab was at work: the one under test
 */
export function bottleneck(phase: RecordedPhase, figures: Figures, node: string): Bottleneck | undefined {
  const { length } = phase;
  const waited = figures['harness.waited.most'] ?? figures['harness.waited'] ?? 0;
  const contended = length !== undefined && waited > CONTENDED * length;
  return (
    starvation(phase) ??
    (length === undefined
      ? undefined
      : (stopped(figures, length) ??
        waiting(figures, waited, length) ??
        stolen(figures, length) ??
        stoodStill(phase, node, length, contended) ??
        slowLoop(figures, length, contended))) ??
    late(phase, contended)
  );
}

/** A generator that says itself that it could not offer what it should. */
export function starvation(phase: RecordedPhase): Bottleneck | undefined {
  const poor = phase.ofType('offered').find((event) => event.starved !== undefined);
  return poor && byGenerator(`the generator of ${poor.unit} was the bottleneck: ${String(poor.starved)}`);
}

function stopped({ 'harness.stopped': ms = 0 }: Figures, length: number): Bottleneck | undefined {
  return ms > limited(STOPPED, length) ? byMachine(`the lab was stopped for ${of(ms, length)}`) : undefined;
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

/** Also after the last sample, but not before the first: nothing is offered until there is one. */
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
    return byEither(`the generator of ${unit} was itself late by ${ms} ms (p95)`, contended);
  }
  return undefined;
}

/** From when the first of a load was due to when the last was, ms. */
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
  return { blame: 'machine', sentence: `${what}; ${INNOCENT}` };
}

function byGenerator(what: string): Bottleneck {
  return { blame: 'generator', sentence: `${what}; ${INNOCENT}` };
}

/** A lab that is late has too much to do, unless it waited for its turn. */
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

import { kindOf } from '../load/index.ts';
import { figure } from '../figure/compute.ts';
import { counted } from '../figure/offered-load.ts';
import { NOT_ANSWERED, NOT_CONNECTED } from '../history/outcomes.ts';
import type { RecordedPhase, Run } from '../history/run.ts';
import type { EventOf, RunHeader } from '../schema/history.ts';
import { crowdedOut } from './crowded.ts';
import { bottleneck, starvation } from './bottleneck.ts';
import { unaccounted } from './conservation.ts';
import { evidence } from './evidence.ts';
import { madeLate } from './late.ts';
import { limitMovedWithin } from './limit.ts';
import type { Figures } from '../schema/verdict.ts';
import { count } from './words.ts';

/** Why nothing may be concluded from a phase; `tooFast`: slower, something may. */
export interface Invalid {
  readonly reason: string;
  readonly tooFast: boolean;
}

/** More of the demand than this unmet, and it is not met. */
export const MET = 0.02;
/** More entries than this, and a full table was not as full as it should have been. */
const RELIEF = 100;
/** Where so much more than that was unmet that this share of it tips no comparison, it may be more. */
const TIPS = 0.15;
/** The shortest of the kernel's own timeouts that matter, ms: a connection that was reset (nf_conntrack_proto_tcp.c: CLOSE). */
const SHORTEST_LIFE = 10_000;
/** With less than this share of the limit free, the collector takes closing and unassured entries too. */
const COLLECTED = 0.05;

/**
 * Why nothing may be concluded from a phase, or undefined where something may: it was not observed to its end,
 * nothing was sampled or offered, the harness or its machine was the bottleneck, what was to happen in the middle of it came late, somebody else changed the limit, the kernel made room in a full
 * table, or not even the baseline met the demand.
 */
export function whyInvalid(run: Run, phase: RecordedPhase, figures: Figures): Invalid | undefined {
  const { header } = run;
  const slow =
    bottleneck(phase, figures, header.protocol.node)?.sentence ??
    madeLate(run, phase) ??
    unanswered(header, figures) ??
    lossyBaseline(header, phase, figures) ??
    unexplained(header, phase, figures);
  const broken =
    unfinished(run, phase) ?? unseen(header, phase, figures) ?? crowdedOut(header, phase, figures);
  const disturbed =
    limitMovedWithin(run, phase) ??
    relieved(run, phase, figures) ??
    miscounted(header, figures) ??
    escaped(figures);
  if (broken !== undefined) return { reason: broken, tooFast: false };
  if (slow !== undefined) return { reason: slow, tooFast: true };
  return disturbed === undefined ? undefined : { reason: disturbed, tooFast: false };
}

/** Connected, and not answered: the servers did not keep up. */
function unanswered({ protocol }: RunHeader, figures: Figures): string | undefined {
  const unit = kindOf(protocol.demand).unit;
  const { [`${unit}.unanswered`]: late = 0, [`${unit}.offered`]: offered = 0 } = figures;
  return late > MET * offered
    ? `${count(late)} ${unit} were connected and not answered: the lab was too slow`
    : undefined;
}

/** What fails, by a clock alone, in a phase in which nothing moved that the fault moves: neither conntrack nor a remedy. */
function unexplained(header: RunHeader, phase: RecordedPhase, figures: Figures): string | undefined {
  const why = withoutEvidence(header, phase, figures);
  const unit = kindOf(header.protocol.demand).unit;
  const clocked = counted(
    phase.ofType('outcomes').filter((event) => event.unit === unit && byClockAlone(event)),
  );
  return clocked > MET * (figures[`${unit}.offered`] ?? 0) ? why : undefined;
}

/** What a phase with a remedy left unmet although no counter moved that the fault moves; undefined where one did. */
export function withoutEvidence(
  { protocol }: RunHeader,
  { stage }: RecordedPhase,
  figures: Figures,
): string | undefined {
  if (stage !== 'fresh' && stage !== 'live') return undefined;
  const missed = figure(figures, protocol.symptom.loss);
  if (missed === undefined || missed <= MET || evidence(protocol, figures) !== 'none') return undefined;
  return `${protocol.symptom.loss} is ${count(missed)}, and no counter moved that the fault moves: it was not conntrack`;
}

/** Nobody said that it failed: no answer, no error, and the kernel was not asked about its SYNs. */
function byClockAlone({ outcome, resent }: EventOf<'outcomes'>): boolean {
  return [NOT_ANSWERED, 'too late', 'gave up'].includes(outcome) || (outcome === NOT_CONNECTED && !resent);
}

function unfinished(run: Run, phase: RecordedPhase): string | undefined {
  if (phase.end !== undefined) return undefined;
  const [end] = run.ofType('end');
  if (end !== undefined && end.status !== 'completed') return `the run was ${end.status}: ${end.reason}`;
  return phase.start === undefined ? 'the phase was not observed' : 'the phase did not end';
}

function unseen({ protocol }: RunHeader, phase: RecordedPhase, figures: Figures): string | undefined {
  const { node, demand } = protocol;
  const unit = kindOf(demand).unit;
  if (figures.samples === undefined) return `no samples of ${node}`;
  const offered = figures[`${unit}.offered`] ?? 0;
  if (offered === 0) return starvation(phase)?.sentence ?? `no ${unit} were offered`;
  const ended = counted(phase.ofType('outcomes').filter((event) => event.unit === unit));
  return ended === offered
    ? undefined
    : (starvation(phase)?.sentence ??
        `${count(offered)} ${unit} were offered, but ${count(ended)} outcomes were recorded`);
}

/**
 * In flight the table is full from the start, and nothing is compared that the collector's share could tip. Where the
 * symptom should show, it may have kept the table from ever being full; so it may with a remedy, unless that is what
 * the remedy is for.
 */
function relieved(run: Run, phase: RecordedPhase, figures: Figures): string | undefined {
  const { protocol } = run.header;
  const { relief = 0, 'free.min': free, limit } = figures;
  const { cycle, stage, length = Infinity } = phase;
  const failed = figures[`${kindOf(protocol.demand).unit}.failed`] ?? 0;
  if (protocol.relief || relief <= Math.max(RELIEF, TIPS * failed) || stage === 'live') return undefined;
  if (free === undefined || limit === undefined) return undefined;
  const shows = stage === 'fault' || stage === 'confirm';
  const ordinary = removesEntries(run, cycle, length) || mayExpire(protocol, length);
  const least = shows ? limit * COLLECTED : ordinary ? 0 : relief;
  if (free > least) return undefined;
  return `the kernel’s garbage collector freed ${count(relief)} entries of the full table meanwhile`;
}

/** Did the phase last so long that entries may have left by themselves? Where timeouts were compressed, any phase does. */
function mayExpire({ sysctls }: RunHeader['protocol'], length: number): boolean {
  const compressed = Object.keys(sysctls).some((name) => name.includes('timeout'));
  return compressed || length >= SHORTEST_LIFE;
}

/** May a remedy take entries out of the table during a phase of this length, ms, or have them leave before its end? */
function removesEntries(run: Run, cycle: string, length: number): boolean {
  return run.ofType('change').some(({ cycle: of, change }) => {
    if (of !== cycle) return false;
    // What is made in the middle of the phase may; of a command nothing is known.
    return change.kind === 'sysctl'
      ? change.name.includes('timeout') && change.value * 1000 <= length
      : ['event', 'command'].includes(change.kind);
  });
}

/** Without the fault the demand is met, or it is no measure of it. */
function lossyBaseline(
  { protocol }: RunHeader,
  { stage, tried }: RecordedPhase,
  figures: Figures,
): string | undefined {
  if (stage !== 'baseline' || !tried) return undefined;
  const { loss } = protocol.symptom;
  const missed = figure(figures, loss);
  if (missed === undefined) return `there is no figure ${loss}`;
  return missed > MET ? `it did not meet the demand: ${loss} is ${count(missed)}` : undefined;
}

function miscounted({ protocol }: RunHeader, figures: Figures): string | undefined {
  const miscount = unaccounted(figures);
  return miscount && `${protocol.node}: ${miscount}`;
}

/** A lab that lets packets out is none. */
function escaped(figures: Figures): string | undefined {
  const out = Object.entries(figures).find(([name, count]) => name.endsWith('packets.escaped') && count > 0);
  return out && `${out[0]} is ${count(out[1])}: packets tried to leave the lab`;
}

import { outlivesLab, sysctlsOf } from '../change/index.ts';
import { kindOf } from '../load/index.ts';
import { figure } from '../figure/compute.ts';
import { MET } from '../figure/met.ts';
import { counted } from '../figure/offered-load.ts';
import { CONNECT_TIMEOUT, OPERATION_TIMEOUT } from '../load/curl.ts';
import { GAVE_UP, TOO_LATE } from '../load/outcome-words.ts';
import type { RecordedPhase, Run } from '../history/run.ts';
import type { EventOf } from '../schema/history.ts';
import { crowdedOut } from './crowded.ts';
import { bottleneck, starvation, stopped } from './bottleneck.ts';
import { unaccounted } from './conservation.ts';
import type { Doubt, Invalid } from './doubt.ts';
import { evidence } from './evidence.ts';
import { tooFew } from './lasting.ts';
import { madeLate } from './late.ts';
import { limitMovedWithin } from './limit.ts';
import type { Figures } from '../schema/verdict.ts';
import { count } from './words.ts';
import type { RunHeader } from '../schema/run-header.ts';

/** Entries that gc may free before a full table counts as not full, if that is at most a share of the demand. */
const RELIEF = { most: 100, share: 0.05 };
/** gc may free more where that is at most this share of what failed: it tips no comparison. */
const TIPS = 0.15;
/** ms. The kernel's shortest timeouts: of a reset connection, and of others (nf_conntrack_proto_tcp.c: CLOSE, CLOSE_WAIT). */
const LIFE = { reset: 10_000, other: 60_000 };
/** Below this free share of the limit, gc also takes closing and unassured entries. */
const COLLECTED = 0.05;

/**
 * Why a phase is invalid. Faults of the phase itself come first, then slowness, then disturbance.
 *
 * @returns undefined where the phase is valid
 */
export function whyInvalid(run: Run, phase: RecordedPhase, figures: Figures): Invalid | undefined {
  const { header } = run;
  const slow = bottleneck(phase, figures, header.protocol);
  const stop = stopped(phase, figures);
  const behind = unanswered(header, figures) ?? lossyBaseline(header, phase, figures);
  const loss = figure(figures, header.protocol.symptom.loss) ?? 0;
  const late = madeLate(run, phase, loss) ?? unsettled(run, phase, figures, loss);
  const byRemedy = unexplained(header, phase, figures);
  const broken =
    unfinished(run, phase) ?? unseen(header, phase, figures) ?? crowdedOut(header, phase, figures);
  const disturbed =
    limitMovedWithin(run, phase) ??
    relieved(run, phase, figures) ??
    miscounted(header, figures) ??
    escaped(figures);
  if (broken !== undefined) return { ...broken, slower: 'no' };
  if (slow !== undefined) return { ...slow, slower: 'all-phases' };
  // A longer phase is as likely to be stopped.
  if (stop !== undefined) return { ...stop, slower: 'no' };
  if (behind !== undefined) return { ...behind, slower: 'all-phases' };
  if (late !== undefined) return { ...late, slower: 'this-phase' };
  if (byRemedy !== undefined) return { ...byRemedy, slower: 'once' };
  return disturbed === undefined ? undefined : { reason: disturbed, slower: 'no' };
}

/** Whether chance decides if a remedy's met demand would stay met. */
function unsettled(run: Run, phase: RecordedPhase, figures: Figures, loss: number): Doubt | undefined {
  return phase.remedied && loss <= MET ? tooFew(run, { phase, figures }) : undefined;
}

/** The servers did not keep up: clients connected and got no answer. */
function unanswered({ protocol }: RunHeader, figures: Figures): Doubt | undefined {
  const unit = kindOf(protocol.demand).unit;
  const { [`${unit}.unanswered`]: late = 0, [`${unit}.offered`]: offered = 0 } = figures;
  return late > MET * offered
    ? {
        reason: `${count(late)} ${unit} connected and got no answer: the lab was too slow`,
        blames: 'machine',
      }
    : undefined;
}

/** The demand failed by timeouts alone, and no counter shows the fault: conntrack did not cause it. */
function unexplained(header: RunHeader, phase: RecordedPhase, figures: Figures): Doubt | undefined {
  const why = withoutEvidence(header, phase, figures);
  const unit = kindOf(header.protocol.demand).unit;
  const clocked = counted(
    phase.ofType('outcomes').filter((event) => event.unit === unit && byClockAlone(event)),
  );
  return clocked > MET * (figures[`${unit}.offered`] ?? 0) ? why : undefined;
}

/** The loss of a remedy's phase that no counter explains. @returns undefined where a counter moved */
export function withoutEvidence(
  { protocol }: RunHeader,
  { remedied }: RecordedPhase,
  figures: Figures,
): Doubt | undefined {
  if (!remedied) return undefined;
  const missed = figure(figures, protocol.symptom.loss);
  if (missed === undefined || missed <= MET || evidence(protocol, figures) !== 'none') return undefined;
  return {
    reason: `${protocol.symptom.loss} is ${count(missed)} although no counter of the fault moved: conntrack did not cause it`,
  };
}

/** Only a client's clock says that it failed: no error, and no SYN count from the kernel. */
function byClockAlone({ outcome, resent }: EventOf<'outcomes'>): boolean {
  return [OPERATION_TIMEOUT, TOO_LATE, GAVE_UP].includes(outcome) || (outcome === CONNECT_TIMEOUT && !resent);
}

function unfinished(run: Run, phase: RecordedPhase): Doubt | undefined {
  if (phase.end !== undefined) return undefined;
  const [end] = run.ofType('end');
  if (end !== undefined && end.status !== 'completed')
    return { reason: `the run was ${end.status}: ${end.reason}` };
  return { reason: phase.start === undefined ? 'the phase was not observed' : 'the phase did not end' };
}

function unseen({ protocol }: RunHeader, phase: RecordedPhase, figures: Figures): Doubt | undefined {
  const { node, demand } = protocol;
  const unit = kindOf(demand).unit;
  if (figures.samples === undefined) return { reason: `no samples of ${node}` };
  const offered = figures[`${unit}.offered`] ?? 0;
  if (offered === 0) return starvation(phase) ?? { reason: `no ${unit} were offered` };
  const ended = counted(phase.ofType('outcomes').filter((event) => event.unit === unit));
  return ended === offered
    ? undefined
    : (starvation(phase) ?? {
        reason: `${count(offered)} ${unit} were offered, but ${count(ended)} outcomes were recorded`,
      });
}

/**
 * gc may have kept the table from being full. On the live table it does not matter: the table is full from
 * the start. In a remedy's fresh phase, entries may also leave because the remedy removes them.
 */
function relieved(run: Run, phase: RecordedPhase, figures: Figures): string | undefined {
  const { protocol } = run.header;
  const { relief = 0, 'free.min': free, limit } = figures;
  const { cycle, stage, length = Infinity } = phase;
  if (protocol.relief || stage === 'live' || relief <= harmless(protocol, figures)) return undefined;
  if (free === undefined || limit === undefined) return undefined;
  const shows = stage === 'fault' || stage === 'confirm';
  const ordinary = removesEntries(run, cycle, length) ? Infinity : expired(protocol, length, figures);
  const least = shows ? limit * COLLECTED : Math.max(0, relief - ordinary);
  if (free > least) return undefined;
  return `gc freed ${count(relief)} entries of the full table during the phase`;
}

/** How many entries gc may have freed without tipping a comparison. */
function harmless({ demand, background }: RunHeader['protocol'], figures: Figures): number {
  const unit = kindOf(demand).unit;
  const { [`${unit}.failed`]: failed = 0, [`${unit}.offered`]: offered = 0 } = figures;
  // Beside other loads the demand may have got all the room.
  const alone = Object.keys(background).length === 0;
  const each = alone ? Math.max(1, figures['entries.perAnswered'] ?? 1) : 1;
  return each * Math.max(TIPS * failed, Math.min(RELIEF.most, RELIEF.share * offered));
}

/**
 * How many entries may at most have expired by themselves during the phase: of a stretched demand those of reset
 * connections, or all where the scenario's own timeouts are that short.
 */
function expired({ sysctls }: RunHeader['protocol'], length: number, figures: Figures): number {
  if (timesOut(sysctls, length) || length >= LIFE.other) return Infinity;
  return length >= LIFE.reset ? (figures['packets.rst'] ?? Infinity) : 0;
}

/** Whether a remedy may remove entries within `length` ms, or let them expire. */
function removesEntries(run: Run, cycle: string, length: number): boolean {
  return run.ofType('change').some(({ cycle: of, change }) => {
    if (of !== cycle) return false;
    // Scheduled changes, and programs, may do anything.
    if (change.kind === 'event' || outlivesLab(change)) return true;
    return timesOut(sysctlsOf(change), length);
  });
}

/** Whether one of these settings is a timeout that ends within `length` ms. */
function timesOut(sysctls: Readonly<Record<string, number>>, length: number): boolean {
  return Object.entries(sysctls).some(([name, value]) => name.includes('timeout') && value * 1000 <= length);
}

/** Without the fault the demand must be met. */
function lossyBaseline(
  { protocol }: RunHeader,
  { stage, tried }: RecordedPhase,
  figures: Figures,
): Doubt | undefined {
  if (stage !== 'baseline' || !tried) return undefined;
  const { loss } = protocol.symptom;
  const missed = figure(figures, loss);
  if (missed === undefined) return { reason: `there is no figure ${loss}` };
  return missed > MET ? { reason: `the demand was not met: ${loss} is ${count(missed)}` } : undefined;
}

function miscounted({ protocol }: RunHeader, figures: Figures): string | undefined {
  const miscount = unaccounted(figures);
  return miscount && `${protocol.node}: ${miscount}`;
}

/** No packet may leave the lab. */
function escaped(figures: Figures): string | undefined {
  const out = Object.entries(figures).find(([name, count]) => name.endsWith('packets.escaped') && count > 0);
  return out && `${out[0]} is ${count(out[1])}: packets tried to leave the lab`;
}

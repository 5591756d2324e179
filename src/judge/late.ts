import { isDeepStrictEqual } from 'node:util';
import type { RecordedPhase, Run } from '../history/run.ts';
import type { EventOf } from '../schema/history.ts';
import { MET } from '../figure/met.ts';
import { kindOf } from '../load/index.ts';
import type { Doubt } from './doubt.ts';
import { count } from './words.ts';
import type { RunHeader } from '../schema/run-header.ts';

/** Maximum lateness (ms at the scenario's own pace) of a scheduled change before the phase is invalid. */
const LATE = 500;
/** The share of a phase that a remedy may come late where it leaves hardly more loss than a met demand. */
const SHARE = 0.01;
/** What a late remedy may have caused at most: this many times the demand that was due meanwhile. */
const CAUSED = 2;

type Timed = RunHeader['protocol']['events'][number];

/**
 * Whether a scheduled change came too late. A walk through the machine's hash may take seconds beside other
 * labs, and a late cure cures little of the phase. On a cluster, the time that a change takes is part of the
 * measurement.
 *
 * @param loss the share of the demand that failed
 */
export function madeLate(run: Run, phase: RecordedPhase, loss: number): Doubt | undefined {
  const { protocol, lab } = run.header;
  const { cycle, remedied, start, pace, length = Infinity } = phase;
  if (start === undefined || lab !== 'netns') return undefined;
  // What failed before a remedy came counts against the remedy: without it the demand might have been met.
  const decides = loss > MET && remedied;
  const due = kindOf(protocol.demand).seconds(protocol.demand) * pace * 1000;
  const least = Math.max(SHARE * length, ((loss - MET) / CAUSED) * due);
  const allowed = (timed: Timed): number =>
    decides && !isOfScenario(timed, protocol) ? Math.min(LATE * pace, least) : LATE * pace;
  const changes = run.ofType('change');
  const next = run
    .ofType('phase')
    .find((each) => each.phase.cycle === cycle && each.t > start && each.edge === 'start');
  const meanwhile = changes.filter(
    ({ t, action, cycle: of }) =>
      action === 'apply' && of === cycle && t >= start && t < (next?.t ?? Infinity),
  );
  for (const timed of [...protocol.events, ...scheduled(changes, start)]) {
    const { at, change } = timed;
    const made = meanwhile.find((each) => isDeepStrictEqual(each.change, change));
    // A change waits for the one before it.
    const before = meanwhile.filter(({ t }) => made !== undefined && t < made.t).map(({ t }) => t);
    const late = made === undefined ? 0 : made.t - Math.max(start + at * pace * 1000, ...before);
    if (late > allowed(timed))
      return {
        reason: `the machine was busy: ${change.kind}, due ${count(at)} s into the phase, came ${count(Math.round(late))} ms late`,
        blames: 'machine',
      };
  }
  return undefined;
}

/** Whether the scenario or its fault brings it, with or without a remedy. */
function isOfScenario({ at, change }: Timed, { events, fault, aftermath }: RunHeader['protocol']): boolean {
  const brought = [...events, ...[fault, ...aftermath].filter((each) => each.kind === 'event')];
  return brought.some((each) => each.at === at && isDeepStrictEqual(each.change, change));
}

/**
 * The shift of what follows a phase's scheduled changes: how late the last of them was made, in s at the scenario's own
 * pace. 0 without scheduled changes.
 */
export function shiftOf(run: Run, phase: RecordedPhase): number {
  return latest(run, phase, () => true);
}

/** The share of a phase's demand that was due while the scenario's own changes were late. */
export function slipOf(run: Run, phase: RecordedPhase): number {
  const { protocol } = run.header;
  const seconds = kindOf(protocol.demand).seconds(protocol.demand);
  return seconds === 0 ? 0 : latest(run, phase, (timed) => isOfScenario(timed, protocol)) / seconds;
}

function latest(
  run: Run,
  { changes, start, pace }: RecordedPhase,
  counts: (timed: Timed) => boolean,
): number {
  if (start === undefined) return 0;
  const all = [...run.header.protocol.events, ...scheduled(run.ofType('change'), start)].filter(counts);
  const late = all.flatMap(({ at, change }) => {
    const made = changes.find((each) => isDeepStrictEqual(each.change, change));
    return made === undefined ? [] : [made.t - start - at * pace * 1000];
  });
  return late.reduce((most, ms) => Math.max(most, ms), 0) / 1000 / pace;
}

/** The scheduled changes of the fault and the remedy that stand when a phase begins. */
function scheduled(changes: readonly EventOf<'change'>[], start: number): readonly Timed[] {
  const standing: Timed[] = [];
  for (const { t, action, change } of changes) {
    if (t > start || change.kind !== 'event') continue;
    if (action === 'apply') standing.push(change);
    else
      standing.splice(
        standing.findIndex((each) => isDeepStrictEqual(each, change)),
        1,
      );
  }
  return standing;
}

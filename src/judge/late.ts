import { isDeepStrictEqual } from 'node:util';
import type { RecordedPhase, Run } from '../history/run.ts';
import type { EventOf, RunHeader } from '../schema/history.ts';
import { count } from './words.ts';

/** What happens in the middle of a phase and later than this after its time is another phase's measure, ms. */
const LATE = 500;

type Timed = RunHeader['protocol']['events'][number];

/**
 * Was something that is to happen in the middle of the phase made much too late? Beside others that fill the one hash
 * of the machine a walk through it takes seconds, and a cure that came in the phase's last moment cured little of it. On a cluster a
 * change takes as long as the cluster does, which is part of what is looked at.
 */
export function madeLate(run: Run, { cycle, start, pace }: RecordedPhase): string | undefined {
  const { protocol, lab } = run.header;
  if (start === undefined || lab !== 'netns') return undefined;
  const changes = run.ofType('change');
  const next = run
    .ofType('phase')
    .find((each) => each.phase.cycle === cycle && each.t > start && each.edge === 'start');
  const meanwhile = changes.filter(
    ({ t, action, cycle: of }) =>
      action === 'apply' && of === cycle && t >= start && t < (next?.t ?? Infinity),
  );
  for (const { at, change } of [...protocol.events, ...armed(changes, start)]) {
    const made = meanwhile.find((each) => isDeepStrictEqual(each.change, change));
    // One follows the other, and may have had to wait for it.
    const before = meanwhile.filter(({ t }) => made !== undefined && t < made.t).map(({ t }) => t);
    const late = made === undefined ? 0 : made.t - Math.max(start + at * pace * 1000, ...before);
    if (late > LATE)
      return `the machine was busy: ${change.kind}, due ${count(at)} s into the phase, was done ${count(Math.round(late))} ms late`;
  }
  return undefined;
}

/**
 * By how much the scheduled changes of a phase shifted what came after them: how late the last of them was made, in s at the
 * scenario's own pace. 0 where there are none.
 */
export function shiftOf(run: Run, { changes, start, pace }: RecordedPhase): number {
  if (start === undefined) return 0;
  const scheduled = [...run.header.protocol.events, ...armed(run.ofType('change'), start)];
  const late = scheduled.flatMap(({ at, change }) => {
    const made = changes.find((each) => isDeepStrictEqual(each.change, change));
    return made === undefined ? [] : [made.t - start - at * pace * 1000];
  });
  return late.reduce((most, ms) => Math.max(most, ms), 0) / 1000 / pace;
}

/** What was armed when a phase began, by its fault or by a remedy. */
function armed(changes: readonly EventOf<'change'>[], start: number): readonly Timed[] {
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

import type { RecordedPhase, Run } from '../history/run.ts';
import type { Observation } from './observation.ts';
import { sayChange } from './words.ts';
import { immediateOf, setsLimit } from '../change/index.ts';
import { raiseOf } from '../change/kinds/limit.ts';

/*
 * On most kernels the limit is the whole machine's: kube-proxy, an operator or another run may raise it. What
 * they cured must not be credited to a remedy.
 */

/** Whether somebody else changed the limit during a phase. */
export function limitMovedWithin(run: Run, phase: RecordedPhase): string | undefined {
  const { node: underTest } = run.header.protocol;
  const limits = phase.ofType('sample').flatMap(({ node, limit }) => (node === underTest ? [limit] : []));
  const [first, moved] = [limits[0], limits.find((limit) => limit !== limits[0])];
  if (first === undefined || moved === undefined) return undefined;
  const ours = isOurs(run, phase.cycle, moved);
  return ours ? undefined : `somebody else changed the limit ${sayChange(first, moved)} during the phase`;
}

/** Whether somebody else changed it between two phases of a cycle. */
export function limitMovedBetween(run: Run, before: Observation, after: Observation): string | undefined {
  const [was, is] = [before.figures.limit, after.figures.limit];
  if (was === undefined || is === undefined || was === is) return undefined;
  if (isOurs(run, after.phase.cycle, is)) return undefined;
  return `somebody else changed the limit ${sayChange(was, is)} since ${before.phase.stage}`;
}

/** Whether this run set the limit in this cycle. Ballast leaves the limit as it is. */
function isOurs(run: Run, cycle: string, limit: number): boolean {
  const { header } = run;
  // A demand of kind `settings` may set the limit itself, and restores it with each phase.
  if (header.protocol.demand.kind === 'settings') return true;
  return run
    .ofType('change')
    .some(
      ({ cycle: of, change, after }) =>
        of === cycle && setsLimit(immediateOf(change), limit, after, header.squeeze),
    );
}

/** Entries by which a cycle raised the maximum, emulated or not; undefined where it did not. */
export function raisedBy(run: Run, cycle: string): number | undefined {
  return run
    .ofType('change')
    .flatMap(({ cycle: of, action, change }) =>
      of === cycle && action === 'apply' ? (raiseOf(change)?.add ?? []) : [],
    )
    .at(0);
}

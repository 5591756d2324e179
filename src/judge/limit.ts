import type { RecordedPhase, Run } from '../history/run.ts';
import type { Observation } from './observation.ts';
import { sayChange } from './words.ts';

/*
 * The limit is the whole machine's on most kernels: kube-proxy, an operator or another run may raise it under us, and
 * what they cured must not be put down to a remedy.
 */

/** Who but we changed the limit while a phase ran? */
export function limitMovedWithin(run: Run, phase: RecordedPhase): string | undefined {
  const { node: underTest } = run.header.protocol;
  const limits = phase.ofType('sample').flatMap(({ node, limit }) => (node === underTest ? [limit] : []));
  const [first, moved] = [limits[0], limits.find((limit) => limit !== limits[0])];
  if (first === undefined || moved === undefined) return undefined;
  const ours = isOurs(run, phase.cycle, moved);
  return ours ? undefined : `somebody else changed the limit ${sayChange(first, moved)} during the phase`;
}

/** Who but we changed it from one phase of a cycle to a later one? */
export function limitMovedBetween(run: Run, before: Observation, after: Observation): string | undefined {
  const [was, is] = [before.figures.limit, after.figures.limit];
  if (was === undefined || is === undefined || was === is) return undefined;
  if (isOurs(run, after.phase.cycle, is)) return undefined;
  return `somebody else changed the limit ${sayChange(was, is)} since ${before.phase.stage}`;
}

/** Did this run set the limit to this in a cycle? Ballast makes a table small and leaves the limit as it is. */
function isOurs(run: Run, cycle: string, limit: number): boolean {
  const { header } = run;
  // Where settings are the demand, the limit may be one of them, and is put back with each phase.
  if (header.protocol.demand.kind === 'settings') return true;
  const bySqueeze = header.squeeze === 'sysctl' || header.squeeze === 'netns-sysctl';
  return run.ofType('change').some(({ cycle: of, change: { kind }, after }) => {
    if (of !== cycle) return false;
    return kind === 'limit' ? after === limit : kind === 'squeeze' && bySqueeze;
  });
}

/** By how many entries a cycle raised the maximum, or emulated that; undefined where it did not. */
export function raisedBy(run: Run, cycle: string): number | undefined {
  return run
    .ofType('change')
    .flatMap(({ cycle: of, action, change }) =>
      of === cycle && action === 'apply' && change.kind === 'limit' ? [change.add] : [],
    )
    .at(0);
}

import type { History, RunHeader } from '../run/history.ts';
import { ofType, type PhaseEvent, type Observation } from './events.ts';
import { sayChange } from './words.ts';

/*
 * The limit is the whole machine's on most kernels: kube-proxy, an operator or another run may raise it under us, and
 * what they cured must not be put down to a remedy.
 */

/** Who but we changed the limit while a phase ran? */
export function limitMovedWithin(
  history: History,
  header: RunHeader,
  events: readonly PhaseEvent[],
): string | undefined {
  const limits = ofType(events, 'sample').flatMap(({ node, limit }) =>
    node === header.protocol.node ? [limit] : [],
  );
  const [first, moved] = [limits[0], limits.find((limit) => limit !== limits[0])];
  if (first === undefined || moved === undefined) return undefined;
  const edges = ofType(events, 'phase');
  const [from = 0, until = Infinity] = edges.map(({ t }) => t);
  const changed = oursAt(history, header, edges[0]?.phase.cycle ?? '').some((t) => t >= from && t <= until);
  return changed ? undefined : `somebody else changed the limit ${sayChange(first, moved)} during the phase`;
}

/** Who but we changed it from one phase of a cycle to a later one? */
export function limitMovedBetween(
  history: History,
  header: RunHeader,
  before: Observation,
  after: Observation,
): string | undefined {
  const [was, is] = [before.figures.limit, after.figures.limit];
  if (was === undefined || is === undefined || was === is) return undefined;
  if (oursAt(history, header, after.phase.cycle).length > 0) return undefined;
  return `somebody else changed the limit ${sayChange(was, is)} since ${before.phase.stage}`;
}

/** When this run itself changed the limit for a cycle. Ballast makes a table small and leaves the limit as it is. */
function oursAt(history: History, header: RunHeader, cycle: string): readonly number[] {
  const bySqueeze = header.squeeze === 'sysctl' || header.squeeze === 'netns-sysctl';
  return ofType(history, 'change').flatMap((event) => {
    const { kind } = event.change;
    return event.cycle === cycle && (kind === 'limit' || (kind === 'squeeze' && bySqueeze)) ? [event.t] : [];
  });
}

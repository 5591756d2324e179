import type { Remedy } from '../remedy/remedy.ts';
import { emulated, immediateOf, isGlobal, onlyRootSets, type Change } from '../change/index.ts';
import { squeezeIn, type Protocol } from '../schema/protocol.ts';

/**
 * A remedy for a quick matrix, which leaves machine-wide settings alone: ballast emulates a higher maximum.
 * See docs/decisions/0018-a-quick-matrix-leaves-the-limit.md.
 */
export function spare(remedy: Remedy): Remedy {
  return { ...remedy, changes: (...known) => remedy.changes(...known).map(spared) };
}

/** What is scheduled is made in the lab alone already. */
function spared(change: Change): Change {
  return change.kind === 'event' ? change : emulated(change);
}

/** Why a quick matrix can't try a remedy; undefined where it can. */
export function unspared(remedy: Remedy, protocol: Protocol): string | undefined {
  const changes = remedy.changes(protocol);
  const [own] = changes.flatMap((change) => onlyRootSets(immediateOf(change)) ?? []);
  if (own !== undefined)
    return `a quick matrix leaves the machine’s ${own} to its other runs; a full matrix tries it`;
  if (changes.some((change) => isGlobal(change, 'ballast')) && squeezeIn(protocol) === undefined)
    return 'a quick matrix leaves the machine’s maximum alone, and there is no ballast to emulate a higher one; a full matrix tries it';
  return undefined;
}

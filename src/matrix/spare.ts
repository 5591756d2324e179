import type { Remedy } from '../remedy/remedy.ts';
import { isGlobal, type Change } from '../change/index.ts';
import type { Protocol } from '../schema/protocol.ts';

/**
 * A remedy as a quick matrix tries it: what others rely on stays as it is. A higher maximum is emulated where there is
 * ballast to give back; see docs/decisions/0018-a-quick-matrix-leaves-the-limit.md.
 */
export function spare(remedy: Remedy): Remedy {
  return { ...remedy, changes: (...known) => remedy.changes(...known).map(emulated) };
}

/** Why a quick matrix can't try a remedy so; undefined where it can. */
export function unspared(remedy: Remedy, protocol: Protocol): string | undefined {
  const changes = remedy.changes(protocol);
  if (changes.some(({ kind }) => kind === 'buckets'))
    return 'a quick matrix leaves the machine’s buckets as they are, which its other runs rely on; a whole one tries it';
  if (changes.some((change) => isGlobal(change, 'ballast')) && protocol.fault.kind !== 'squeeze')
    return 'a quick matrix leaves the machine’s maximum as it is, and there is no ballast here to emulate a higher one; a whole one tries it';
  return undefined;
}

function emulated(change: Change): Change {
  return change.kind === 'limit' ? { ...change, emulated: true } : change;
}

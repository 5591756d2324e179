import { existsSync } from 'node:fs';
import { about, count } from '../judge/words.ts';
import type { Remedy } from '../remedy/remedy.ts';
import { isGlobal, type Change } from '../change/index.ts';
import type { Squeeze } from '../change/squeezes.ts';
import { raiseOf } from '../change/kinds/limit.ts';
import { squeezeIn, type Protocol } from '../schema/protocol.ts';

interface Setting {
  readonly protocol: Protocol;
  readonly privileged: boolean;
  readonly squeeze: Squeeze;
}

/** Why a remedy can't be tried here; undefined where it can. */
export function whyNotTried(remedy: Remedy, setting: Setting): string | undefined {
  const { protocol, privileged, squeeze } = setting;
  for (const requirement of remedy.requires) {
    const reason = requirement.whyNot({ ...setting, exists: existsSync });
    if (reason !== undefined) return reason;
  }
  const raises = remedy.changes(protocol).some(raiseOf);
  const squeezed = squeezeIn(protocol) !== undefined;
  const own = squeezed && squeeze === 'netns-sysctl';
  if (raises && !privileged && !own && !(squeezed && squeeze === 'ballast')) {
    return 'needs root: without root, ballast emulates a higher limit, and this run has none';
  }
  return undefined;
}

/** Why a lab can't make one of these changes; undefined where it can make all. */
export function refusal(
  changes: readonly Change[],
  cannot: (change: Change) => string | undefined,
): string | undefined {
  return changes.map(cannot).find((reason) => reason !== undefined);
}

/** bytes. An entry with NAT: 256 and 128 for its extensions, on Linux 6.18. */
const ENTRY_BYTES = 384;

/**
 * Why the maximum can't be raised that far; undefined where it can.
 *
 * @param limit current nf_conntrack_max
 * @param available memory in bytes
 */
export function outOfReach(
  changes: readonly Change[],
  { privileged, squeeze }: Pick<Setting, 'privileged' | 'squeeze'>,
  limit: number,
  available: number,
): string | undefined {
  for (const change of changes.flatMap((each) => raiseOf(each) ?? [])) {
    const { add } = change;
    const real = isGlobal(change, squeeze) ? privileged : squeeze === 'netns-sysctl';
    if (add <= 0) return `nf_conntrack_max is ${count(limit)} already: nothing to raise`;
    const wanted = `nf_conntrack_max ${count(limit + add)}, ${count(add)} entries more`;
    if (add * ENTRY_BYTES > available)
      return `${wanted}, takes ${gigabytes(add * ENTRY_BYTES)} of kernel memory; ${gigabytes(available)} is available`;
    if (!real && add > limit)
      return `${wanted}, exceeds the ballast that emulates it: run as root, outside a quick matrix`;
  }
  return undefined;
}

function gigabytes(bytes: number): string {
  return `${about(bytes / 2 ** 30)} GiB`;
}

import { existsSync } from 'node:fs';
import { about, count } from '../judge/words.ts';
import type { Remedy } from '../remedy/remedy.ts';
import { isGlobal, type Change, type ChangeOf } from '../change/index.ts';
import type { Squeeze } from '../change/squeezes.ts';
import { raiseOf } from '../change/kinds/limit.ts';
import { BUCKET_BYTES } from '../kernel/sizing.ts';
import type { Room } from './room.ts';
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
 * Why the maximum or the buckets can't be raised that far; undefined where they can. The kernel does not swap them
 * out, so that what does not fit ends other programs.
 *
 * @param limit current nf_conntrack_max; undefined: not measured, so that only buckets are looked at
 */
export function outOfReach(
  changes: readonly Change[],
  setting: Pick<Setting, 'privileged' | 'squeeze'>,
  limit: number | undefined,
  room: Room,
): string | undefined {
  const whys = changes.map((change) => {
    if (change.kind === 'buckets') return tooManyBuckets(change, room);
    const raise = raiseOf(change);
    return raise && limit !== undefined ? tooHigh(raise, setting, limit, room) : undefined;
  });
  return whys.find((why) => why !== undefined);
}

function tooHigh(
  change: ChangeOf<'limit'>,
  { privileged, squeeze }: Pick<Setting, 'privileged' | 'squeeze'>,
  limit: number,
  room: Room,
): string | undefined {
  const { add } = change;
  const real = isGlobal(change, squeeze) ? privileged : squeeze === 'netns-sysctl';
  if (add <= 0) return `nf_conntrack_max is ${count(limit)} already: nothing to raise`;
  const wanted = `nf_conntrack_max ${count(limit + add)}, ${count(add)} entries more`;
  const lacking = lackOf(add * ENTRY_BYTES, room);
  if (lacking !== undefined) return `${wanted}, ${lacking}`;
  if (!real && add > limit)
    return `${wanted}, exceeds the ballast that emulates it: run as root, outside a quick matrix`;
  return undefined;
}

function tooManyBuckets({ times }: ChangeOf<'buckets'>, room: Room): string | undefined {
  // Fewer take less; a machine without the sysctl need not be asked for it then.
  if (times <= 1) return undefined;
  const wanted = Math.round(room.buckets() * times);
  const lacking = lackOf(wanted * BUCKET_BYTES, room);
  return lacking && `nf_conntrack_buckets ${count(wanted)} ${lacking}`;
}

/** `takes 50.1 GiB of kernel memory; 16 GiB is available`; undefined where it fits. */
function lackOf(bytes: number, { memory }: Room): string | undefined {
  const available = memory();
  return bytes > available
    ? `takes ${gigabytes(bytes)} of kernel memory; ${gigabytes(available)} is available`
    : undefined;
}

function gigabytes(bytes: number): string {
  return `${about(bytes / 2 ** 30)} GiB`;
}

import type { Lesson } from '../lesson.ts';
import { fullTable } from '../lessons/full-table.ts';
import { noAddress } from '../lessons/no-address.ts';
import { resetByPeer } from '../lessons/reset-by-peer.ts';
import { silentNode } from '../lessons/silent-node.ts';
import { slowNames } from '../lessons/slow-names.ts';
import { seeded } from '../../load/schedule.ts';

/** What a game day injects: the lessons in which no figure names a pod, so that pods can be renamed. */
const FAILURES = [fullTable, resetByPeer, silentNode, slowNames, noAddress] as const satisfies Lesson[];

/** Causes that are never injected, so that the list of causes tells nothing. */
const DECOYS = ['broken-cable', 'clock-skew', 'full-disk', 'wrong-route'];

/** All causes to choose from, in alphabetical order. */
export const CAUSES: readonly string[] = [...FAILURES.map(({ cause }) => cause), ...DECOYS].toSorted();

/** The failure of a seed. */
export function failureOf(seed: number): Lesson {
  return FAILURES[Math.floor(seeded(seed)() * FAILURES.length)] ?? fullTable;
}

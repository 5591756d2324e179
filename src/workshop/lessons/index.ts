import type { Lesson } from '../lesson.ts';
import { afterBoot } from './after-boot.ts';
import { afterRollout } from './after-rollout.ts';
import { fullTable } from './full-table.ts';
import { noAddress } from './no-address.ts';
import { oneOfSix } from './one-of-six.ts';
import { resetByPeer } from './reset-by-peer.ts';
import { shipAFix } from './ship-a-fix.ts';
import { silentNode } from './silent-node.ts';
import { slowNames } from './slow-names.ts';

/** All lessons, in the order of a workshop. */
export const LESSONS: readonly Lesson[] = [
  fullTable,
  resetByPeer,
  silentNode,
  slowNames,
  noAddress,
  afterRollout,
  afterBoot,
  oneOfSix,
  shipAFix,
];

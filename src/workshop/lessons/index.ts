import type { Lesson } from '../lesson.ts';
import { fullTable } from './full-table.ts';
import { noAddress } from './no-address.ts';
import { oneOfSix } from './one-of-six.ts';
import { resetByPeer } from './reset-by-peer.ts';
import { silentNode } from './silent-node.ts';
import { slowNames } from './slow-names.ts';

/** All lessons, in the order of a workshop. */
export const LESSONS: readonly Lesson[] = [
  fullTable,
  resetByPeer,
  silentNode,
  slowNames,
  noAddress,
  oneOfSix,
];

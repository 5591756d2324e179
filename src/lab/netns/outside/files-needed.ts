import { LEAST_OPEN_FILES } from '../../../util/open-files.ts';
import type { Protocol } from '../../../schema/protocol.ts';

/**
 * Files that a lab's agent opens before any load: its own, and the namespace of each node and pod. A load
 * that needs too many reports it.
 */
export function filesNeeded({ topology }: Pick<Protocol, 'topology'>): number {
  const pods = Object.values(topology.pods).reduce(
    (sum, { replicas, nodes }) => sum + replicas * nodes.length,
    0,
  );
  return LEAST_OPEN_FILES + topology.nodes.length + pods;
}

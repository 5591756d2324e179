import { LEAST_OPEN_FILES } from '../../../util/open-files.ts';
import type { Protocol } from '../../../schema/protocol.ts';

/**
 * How many files a lab's agent has open before any load: beside its own, the namespace of each node and pod. What a load
 * needs beyond that depends on how it goes; a load that runs out says so.
 */
export function filesNeeded({ topology }: Pick<Protocol, 'topology'>): number {
  const pods = Object.values(topology.pods).reduce(
    (sum, { replicas, nodes }) => sum + replicas * nodes.length,
    0,
  );
  return LEAST_OPEN_FILES + topology.nodes.length + pods;
}

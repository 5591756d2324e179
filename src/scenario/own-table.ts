import type { Problem } from './explain-issue.ts';
import type { Protocol } from '../schema/protocol.ts';

/** Problems of pods whose own conntrack table is sampled: a table lives as long as its pod. */
export function ownTableProblems({ topology }: Protocol): readonly Problem[] {
  return Object.entries(topology.services).flatMap(([name, { pods: set, app }]) =>
    topology.pods[set]?.ownTable === true && app === 'boom-pod'
      ? [
          {
            place: `topology.pods.${set}.ownTable`,
            why: `the pods of ${name} crash and are replaced between phases, and their tables with them; leave out ownTable, or use app: boom-server`,
          },
        ]
      : [],
  );
}

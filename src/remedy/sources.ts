import type { ChangeOf } from '../change/index.ts';
import type { Protocol } from '../schema/protocol.ts';

type Snat = ChangeOf<'nft'>;

/** The rules by which a node gives its pods' connections an address of its own, where this protocol's fault is such. */
export function snatOf({ fault }: Protocol): Snat | undefined {
  return fault.kind === 'nft' && fault.type === 'nat' ? fault : undefined;
}

/** The same rules, changed, in a chain before them. */
export function instead(snat: Snat, change: (rule: string) => string): Snat {
  return { ...snat, priority: snat.priority - 1, rules: snat.rules.map(change) };
}

/** How many times the demand's pods there are of its set. */
export function timesThePods({ demand, topology }: Protocol): number {
  const set = topology.pods['pods' in demand ? demand.pods : ''];
  if (demand.kind !== 'simple-app' || set === undefined) return 1;
  const used = demand.stages.reduce((most, { pods }) => Math.max(most, pods), 1);
  return Math.floor((set.replicas * set.nodes.length) / used);
}

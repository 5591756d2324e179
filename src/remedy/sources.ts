import type { ChangeOf } from '../change/index.ts';
import type { Protocol } from '../schema/protocol.ts';

type Snat = ChangeOf<'nft'>;

/** The SNAT rules of the fault, where it has some. */
export function snatOf({ fault }: Protocol): Snat | undefined {
  return fault.kind === 'nft' && fault.type === 'nat' ? fault : undefined;
}

/** Changed copies of the rules, in a chain before them. */
export function instead(snat: Snat, change: (rule: string) => string): Snat {
  return { ...snat, priority: snat.priority - 1, rules: snat.rules.map(change) };
}

/** How many times the demand's pods fit into their set. */
export function timesThePods({ demand, topology }: Protocol): number {
  const set = topology.pods['pods' in demand ? demand.pods : ''];
  if (demand.kind !== 'simple-app' || set === undefined) return 1;
  const used = demand.stages.reduce((most, { pods }) => Math.max(most, pods), 1);
  return Math.floor((set.replicas * set.nodes.length) / used);
}

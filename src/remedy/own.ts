import type { Protocol } from '../schema/protocol.ts';
import { REMEDIES } from './index.ts';
import type { Remedy } from './remedy.ts';
import { ROOT } from './requirement.ts';
import { immediateOf, onlyRootSets } from '../change/index.ts';

/** The scenario's own remedies. */
export function ownRemedies({ ownRemedies: own }: Protocol): readonly Remedy[] {
  return Object.entries(own).map(([name, { summary, changes }]) => ({
    name,
    summary,
    applies: 'where the scenario has it',
    cost: 'not stated',
    requires: changes.some((change) => onlyRootSets(immediateOf(change)) !== undefined) ? [ROOT] : [],
    changes: () => changes,
  }));
}

/** A remedy by name: built in, or the scenario's own. */
export function declaredIn(protocol: Protocol, name: string): Remedy | undefined {
  return [...REMEDIES, ...ownRemedies(protocol)].find((each) => each.name === name);
}

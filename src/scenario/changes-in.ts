import type { Change } from '../change/index.ts';
import type { Protocol } from '../schema/protocol.ts';

/** A change written in a scenario, with its path. */
export interface Placed {
  readonly place: string;
  readonly change: Change;
}

/** Every change written in a protocol: the fault and what follows, what is prepared or scheduled, own remedies'. */
export function changesIn(protocol: Protocol): readonly Placed[] {
  const { fault, aftermath, prepare, events, ownRemedies } = protocol;
  return [
    { place: 'fault', change: fault },
    ...aftermath.map((change, i) => ({ place: `aftermath.${String(i)}`, change })),
    ...prepare.map((change, i) => ({ place: `prepare.${String(i)}`, change })),
    ...events.map(({ change }, i) => ({ place: `events.${String(i)}.change`, change })),
    ...Object.entries(ownRemedies).flatMap(([name, { changes }]) =>
      changes.map((change, i) => ({ place: `ownRemedies.${name}.changes.${String(i)}`, change })),
    ),
  ];
}

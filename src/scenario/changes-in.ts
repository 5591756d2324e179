import type { Change } from '../change/index.ts';
import type { Protocol } from '../schema/protocol.ts';

/** A change written in a scenario, with its path. */
export interface Placed {
  readonly place: string;
  readonly change: Change;
}

/** The changes of a protocol: its fault and what follows, scheduled changes, and own remedies'. */
export function changesIn({ fault, aftermath, events, ownRemedies }: Protocol): readonly Placed[] {
  return [
    { place: 'fault', change: fault },
    ...aftermath.map((change, i) => ({ place: `aftermath.${String(i)}`, change })),
    ...events.map(({ change }, i) => ({ place: `events.${String(i)}.change`, change })),
    ...Object.entries(ownRemedies).flatMap(([name, { changes }]) =>
      changes.map((change, i) => ({ place: `ownRemedies.${name}.changes.${String(i)}`, change })),
    ),
  ];
}

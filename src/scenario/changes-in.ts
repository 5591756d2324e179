import type { Change, Immediate } from '../change/index.ts';
import type { Protocol } from '../schema/protocol.ts';

/** What a change is to its run. What follows from the fault is as the fault: made with it, and not undone. */
type Part = 'fault' | 'remedy' | 'prepare' | 'events';

/** A change written in a scenario, with its path; of a scheduled one, that of the change which it makes. */
export interface Placed {
  readonly place: string;
  readonly part: Part;
  readonly scheduled: boolean;
  readonly change: Immediate;
}

/** Every change written in a protocol: the fault and what follows, what is prepared or scheduled, own remedies'. */
export function changesIn(protocol: Protocol): readonly Placed[] {
  const { fault, aftermath, prepare, events, ownRemedies } = protocol;
  return [
    placed('fault', 'fault', fault),
    ...aftermath.map((change, i) => placed(`aftermath.${String(i)}`, 'fault', change)),
    ...prepare.map((change, i) => placed(`prepare.${String(i)}`, 'prepare', change)),
    ...events.map(({ change }, i) => ({
      ...placed(`events.${String(i)}.change`, 'events', change),
      scheduled: true,
    })),
    ...Object.entries(ownRemedies).flatMap(([name, { changes }]) =>
      changes.map((change, i) => placed(`ownRemedies.${name}.changes.${String(i)}`, 'remedy', change)),
    ),
  ];
}

function placed(place: string, part: Part, change: Change): Placed {
  return change.kind === 'event'
    ? { place: `${place}.change`, part, scheduled: true, change: change.change }
    : { place, part, scheduled: false, change };
}

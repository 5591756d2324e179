import type { History, HistoryEvent, Phase, Stage } from '../schema/history.ts';
import type { RunHeader } from '../schema/run-header.ts';

/** The cycle of all that a person does, as the judge reads it: one remedy, whatever it consists of. */
export const HANDS = 'hands';

/** The demand, offered once. */
export interface Offered {
  readonly stage: Stage;
  readonly events: readonly HistoryEvent[];
}

/** What a person's session has seen; see viewOf. */
interface Session {
  readonly header: RunHeader;
  readonly paces: readonly HistoryEvent[];
  readonly baseline: Offered | undefined;
  readonly faultEvents: readonly HistoryEvent[];
  readonly fault: Offered | undefined;
  readonly before: Offered | undefined;
  /** What stands: changes of remedies, and changes found on nodes. */
  readonly standing: readonly HistoryEvent[];
  readonly live?: Offered | undefined;
  readonly fresh?: Offered | undefined;
}

/**
 * The history of a run with one remedy, which is all that stands. The judge of ordinary runs judges it, so a
 * person's fix gets the verdict that a remedy would get.
 */
export function viewOf(session: Session): History {
  const { header, paces, baseline, faultEvents, fault, before, standing, live, fresh } = session;
  return [
    { ...header, remedies: [HANDS], singlePass: live === undefined },
    ...paces,
    ...as(baseline, { cycle: 'symptom', stage: 'baseline' }),
    ...faultEvents,
    ...as(fault, { cycle: 'symptom', stage: 'fault' }),
    // In a run without a live phase the fault is confirmed once, for all remedies.
    ...as(before, { cycle: live === undefined ? 'symptom' : HANDS, stage: 'confirm' }),
    ...standing.map((event) => (event.type === 'change' ? { ...event, cycle: HANDS } : event)),
    ...as(live, { cycle: HANDS, stage: 'live' }),
    ...as(fresh, { cycle: HANDS, stage: 'fresh' }),
  ];
}

/** The events of an offer, told of another phase. */
function as(offered: Offered | undefined, phase: Phase): readonly HistoryEvent[] {
  return (offered?.events ?? []).map((event) => {
    if ('phase' in event) return { ...event, phase };
    return 'cycle' in event ? { ...event, cycle: phase.cycle } : event;
  });
}

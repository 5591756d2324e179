import type { Figures } from '../schema/verdict.ts';
import type { EventOf, History, HistoryEvent, Phase, RunHeader } from '../schema/history.ts';

/** An event that belongs to one phase. */
export type PhaseEvent = Extract<HistoryEvent, { phase: Phase }>;

/** The events of one type, oldest first. */
export function ofType<T extends HistoryEvent['type']>(events: History, type: T): readonly EventOf<T>[] {
  return events.filter((event): event is EventOf<T> => event.type === type);
}

/** The first line of a history. @throws Error where there is none: nothing says what ran */
export function headerOf(history: History): RunHeader {
  const [header] = ofType(history, 'run');
  if (header === undefined) throw new Error('the history has no `run` event: nothing says what ran');
  return header;
}

/** Does this outcome say that what was asked for was got? All others are failures in the client's own words. */
export function isAnswer(outcome: string): boolean {
  return outcome === 'ok';
}

/** Outcomes of a client in whose place the kernel was asked: still sending SYNs, or connected and waiting. */
export const NOT_CONNECTED = '(28) Connection timed out';
export const NOT_ANSWERED = '(28) Operation timed out';

/** How many times as long as the scenario says a phase took. */
export function paceOf(events: History): number {
  return ofType(events, 'phase').find(({ edge }) => edge === 'start')?.pace ?? 1;
}

/** One phase as the judge sees it. */
export interface Observation {
  readonly phase: Phase;
  readonly events: readonly PhaseEvent[];
  readonly figures: Figures;
  /** What became of the demand and of the table, in one line. */
  readonly account: string;
  /** Why nothing may be concluded from this phase; absent where something may. */
  readonly spoilt?: string;
  /** The machine or the generator did not keep up with this phase; slower, it may. */
  readonly tooFast?: boolean;
}

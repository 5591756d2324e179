import { isAnswer } from '../history/outcomes.ts';
import { count } from '../judge/words.ts';
import type { EventOf, HistoryEvent, Phase } from '../schema/history.ts';
import { kindOf, type Load } from '../load/index.ts';

/** Running totals of a phase, for display only. The verdict does not use them. */
export interface Tally {
  readonly phase: Phase;
  /** Milliseconds since the run began. */
  readonly since: number;
  readonly unit: string;
  /** Operations that the whole phase will offer. */
  readonly planned: number;
  answered: number;
  failed: number;
  /** Samples of the node under test; undefined until it is sampled. */
  last: EventOf<'sample'> | undefined;
  first: EventOf<'sample'> | undefined;
  mostEntries: number;
}

interface Watched {
  readonly node: string;
  readonly demand: Load;
}

/** Tallies of the active phases. Labs run side by side, one phase per cycle each. */
export class Tallies {
  readonly #watched: Watched;
  readonly #byCycle = new Map<string, Tally>();

  /** @param watched the run's protocol */
  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /** The active phases, oldest first. */
  get running(): readonly Tally[] {
    return [...this.#byCycle.values()];
  }

  /** Counts an event. @returns its phase's tally; undefined where it belongs to none */
  count(event: HistoryEvent): Tally | undefined {
    if (!('phase' in event)) return undefined;
    const { cycle } = event.phase;
    if (event.type === 'phase' && event.edge === 'start') this.#byCycle.set(cycle, this.#begin(event));
    const tally = this.#byCycle.get(cycle);
    if (event.type === 'phase' && event.edge === 'end') this.#byCycle.delete(cycle);
    if (tally && event.type === 'sample' && event.node === this.#watched.node) {
      tally.first ??= event;
      tally.last = event;
      tally.mostEntries = Math.max(tally.mostEntries, event.entries);
    } else if (tally && event.type === 'outcomes' && event.unit === tally.unit) {
      tally[isAnswer(event.outcome) ? 'answered' : 'failed'] += event.due.length;
    }
    return tally;
  }

  #begin({ phase, t: since }: EventOf<'phase'>): Tally {
    const { demand } = this.#watched;
    const counts = { answered: 0, failed: 0, last: undefined, first: undefined, mostEntries: 0 };
    const { unit, planned } = kindOf(demand);
    return { phase, since, unit, planned: planned(demand), ...counts };
  }
}

/** `1,204 of 2,000 requests answered, 796 failed`. */
export function demandSoFar({ answered, failed, planned, unit }: Tally): string {
  const failures = failed > 0 ? `, ${count(failed)} failed` : '';
  return `${count(answered)} of ${count(planned)} ${unit} answered${failures}`;
}

/** Packets dropped because of a full table since the phase began. */
export function droppedSoFar({ first, last }: Tally): number {
  return (last?.counters.drop ?? 0) - (first?.counters.drop ?? 0);
}

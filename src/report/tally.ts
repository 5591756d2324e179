import { LOAD_UNITS, type Load } from '../scenario/load.ts';
import type { EventOf, HistoryEvent, Phase } from '../run/history.ts';
import { count } from '../judge/words.ts';

/** Where a phase stands, counted as its events come in: what a reader watches, never what the verdict rests on. */
export interface Tally {
  readonly phase: Phase;
  /** Milliseconds since the run began. */
  readonly since: number;
  readonly unit: string;
  /** How many the whole phase will offer. */
  readonly planned: number;
  answered: number;
  failed: number;
  /** Of the node under test; undefined until it is sampled. */
  entries: number | undefined;
  mostEntries: number;
  limit: number;
  /** Packets dropped for a full table since the phase began. */
  drop: number;
}

interface Watched {
  readonly node: string;
  readonly demand: Load;
}

/**
 * Counts along.
 *
 * @param protocol of the run
 * @returns the phase under way after each event, undefined before the first
 */
export function tallier({ node, demand }: Watched): (event: HistoryEvent) => Tally | undefined {
  let tally: Tally | undefined;
  let dropsBefore: number | undefined;

  function sampled({ entries, limit, counters }: EventOf<'sample'>, into: Tally): void {
    dropsBefore ??= counters.drop;
    Object.assign(into, {
      entries,
      limit,
      mostEntries: Math.max(into.mostEntries, entries),
      drop: counters.drop - dropsBefore,
    });
  }

  return (event) => {
    if (event.type === 'phase' && event.edge === 'start') {
      const { phase, t: since } = event;
      const counts = { answered: 0, failed: 0, entries: undefined, mostEntries: 0, limit: 0, drop: 0 };
      tally = { phase, since, unit: LOAD_UNITS[demand.kind], planned: plannedBy(demand), ...counts };
      dropsBefore = undefined;
    } else if (tally && event.type === 'sample' && event.node === node) {
      sampled(event, tally);
    } else if (tally && event.type === 'outcomes' && event.unit === tally.unit) {
      tally[event.outcome === 'ok' ? 'answered' : 'failed'] += event.due.length;
    }
    return tally;
  };
}

/** `1,204 of 2,000 requests answered, 796 failed`. */
export function demandSoFar({ answered, failed, planned, unit }: Tally): string {
  const failures = failed > 0 ? `, ${count(failed)} failed` : '';
  return `${count(answered)} of ${count(planned)} ${unit} answered${failures}`;
}

function plannedBy(demand: Load): number {
  switch (demand.kind) {
    case 'simple-app':
      return demand.requests;
    case 'dns-client':
      return demand.lookups;
    case 'keepalive':
    case 'boom-server':
      return demand.connections;
  }
}

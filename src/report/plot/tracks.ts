import type { Run } from '../../history/run.ts';
import { demand, latency, operationsOf, queries } from './demand-tracks.ts';
import type { Cycle } from './story.ts';
import { counters, room, shares } from './table-tracks.ts';
import type { Track } from './track.ts';

/** The plots of a cycle: the table, its room, the counters, the demand, its latency, and DNS queries. */
export function tracksOf(run: Run, cycle: Cycle): readonly Track[] {
  const operations = operationsOf(run, cycle);
  return [
    ...[shares, room, counters].map((make) => make(run, cycle)),
    demand(run, cycle, operations),
    latency(cycle, operations),
    queries(cycle),
  ].filter((track) => track !== undefined);
}

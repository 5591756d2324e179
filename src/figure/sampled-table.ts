import type { EventOf } from '../schema/history.ts';

type Sample = EventOf<'sample'>;

/** The samples of one node's table in one phase. */
export interface SampledTable {
  /** Oldest first; at least one. */
  readonly samples: readonly Sample[];
  readonly first: Sample;
  readonly last: Sample;
  /** The highest count of entries. */
  readonly most: number;
  /** When that share of the limit was first reached, ms since the run began; undefined: never. */
  readonly reached: (share: number) => number | undefined;
}

/** @returns undefined where there is no sample */
export function sampledTable(samples: readonly Sample[]): SampledTable | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return {
    samples,
    first,
    last,
    most: samples.reduce((most, { entries }) => Math.max(most, entries), 0),
    reached: (share) => samples.find(({ entries, limit }) => entries >= share * limit)?.t,
  };
}

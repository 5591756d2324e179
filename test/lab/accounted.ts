import { expect } from 'vitest';
import { unaccounted } from '../../src/judge/conservation.ts';

/**
 * A `conservation` that the judge accepts. A canary's packet may pass while the counters of a node are read
 * one after the other; on a slow machine it does so in one run of some dozen.
 */
export const ACCOUNTED = expect.toSatisfy(
  (conservation: unknown) => typeof conservation === 'number' && unaccounted({ conservation }) === undefined,
  'every packet accounted for',
) as number;

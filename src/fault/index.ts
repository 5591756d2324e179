import { forgedSegment } from './forged-segment.ts';
import { fewBuckets } from './few-buckets.ts';
import { squeeze } from './squeeze.ts';

/** Every fault there is. The null fault is a run with `--control`: everything but the fault. */
export const FAULTS = [squeeze, forgedSegment, fewBuckets] as const;

import type { Segment } from '../server/segments.ts';
import type { Fault } from './fault.ts';

export const forgedSegment: Fault<Segment> = {
  name: 'forged-segment',
  summary: 'a boom-server sends each client a segment that its connection did not (kubernetes issue 74839)',
  on: (segment) => ({ kind: 'load', set: { segment } }),
};

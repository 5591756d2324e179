import type { Fault } from './fault.ts';

export const simultaneous: Fault<void> = {
  name: 'simultaneous',
  summary: 'the A and AAAA queries of a lookup leave at the same moment on two CPUs, not one after the other',
  on: () => ({ kind: 'load', set: { send: 'at-once' } }),
};

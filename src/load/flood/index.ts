import { AT_ONCE, defineLoad } from '../define-load.ts';
import { floodSchema } from './schema.ts';

/** So many flows tell what a machine can do. */
const BURST = 2_000;

export const flood = defineLoad(floodSchema, {
  unit: 'flows',
  planned: ({ flows }) => flows,
  seconds: ({ seconds }) => seconds,
  peakRate: ({ flows, seconds }) => flows / seconds,
  stretched: (load, pace) => ({ ...load, seconds: load.seconds * pace }),
  burst: (load) => ({ ...load, flows: Math.min(load.flows, BURST), seconds: AT_ONCE }),
  ownAddresses: ['pods', 'to'],
  runner: () => import('./run.ts'),
});

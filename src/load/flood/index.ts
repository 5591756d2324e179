import { AT_ONCE, defineLoad, evenly } from '../define-load.ts';
import { floodSchema, type Flood } from './schema.ts';

/** Flows in a burst. */
const BURST = 2_000;

export const flood = defineLoad(floodSchema, {
  unit: 'flows',
  ...evenly<Flood>(({ flows }) => flows),
  burst: (load) => ({ ...load, flows: Math.min(load.flows, BURST), seconds: AT_ONCE }),
  ownAddresses: ['pods', 'to'],
  runner: () => import('./run.ts'),
});

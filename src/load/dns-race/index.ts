import { defineLoad } from '../define-load.ts';
import { dnsRaceSchema } from './schema.ts';

/** A flow's entry is made twice where both queries ask for one before either is in the table. */
export const dnsRace = defineLoad(dnsRaceSchema, {
  unit: 'datagrams',
  planned: ({ pairs }) => 2 * pairs,
  seconds: ({ seconds }) => seconds,
  peakRate: ({ pairs, seconds }) => (2 * pairs) / seconds,
  stretched: (load, pace) => ({ ...load, seconds: load.seconds * pace }),
  dns: 'queries',
  runner: () => import('./run.ts'),
});

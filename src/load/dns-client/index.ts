import { AT_ONCE, defineLoad } from '../define-load.ts';
import { dnsClientSchema } from './schema.ts';

/** So many lookups tell what a machine can do. */
const BURST = 120;

export const dnsClient = defineLoad(dnsClientSchema, {
  unit: 'lookups',
  planned: ({ lookups }) => lookups,
  seconds: ({ seconds }) => seconds,
  peakRate: ({ lookups, seconds }) => lookups / seconds,
  stretched: (load, pace) => ({ ...load, seconds: load.seconds * pace }),
  burst: (load) => ({ ...load, lookups: Math.min(load.lookups, BURST), seconds: AT_ONCE }),
  dns: 'resolver',
  runner: () => import('./run.ts'),
});

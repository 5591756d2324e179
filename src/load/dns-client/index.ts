import { AT_ONCE, defineLoad, evenly } from '../define-load.ts';
import { dnsClientSchema, type DnsClient } from './schema.ts';

/** Lookups in a burst. */
const BURST = 120;

export const dnsClient = defineLoad(dnsClientSchema, {
  unit: 'lookups',
  ...evenly<DnsClient>(({ lookups }) => lookups),
  burst: (load) => ({ ...load, lookups: Math.min(load.lookups, BURST), seconds: AT_ONCE }),
  dns: 'resolver',
  runner: () => import('./run.ts'),
});

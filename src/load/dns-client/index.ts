import { AT_ONCE, defineLoad, evenly } from '../define-load.ts';
import { dnsClientSchema, type DnsClient } from './schema.ts';

/** So many lookups tell what a machine can do. */
const BURST = 120;

export const dnsClient = defineLoad(dnsClientSchema, {
  unit: 'lookups',
  ...evenly<DnsClient>(({ lookups }) => lookups),
  burst: (load) => ({ ...load, lookups: Math.min(load.lookups, BURST), seconds: AT_ONCE }),
  dns: 'resolver',
  runner: () => import('./run.ts'),
});

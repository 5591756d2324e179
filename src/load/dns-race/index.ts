import { defineLoad, evenly } from '../define-load.ts';
import { dnsRaceSchema, type DnsRace } from './schema.ts';

/** A flow gets two entries where both queries ask for one before either is in the table. */
export const dnsRace = defineLoad(dnsRaceSchema, {
  unit: 'datagrams',
  ...evenly<DnsRace>(({ pairs }) => 2 * pairs),
  dns: 'queries',
  runner: () => import('./run.ts'),
});

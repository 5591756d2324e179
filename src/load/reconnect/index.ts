import { defineLoad } from '../define-load.ts';
import { reconnectSchema } from './schema.ts';

export const reconnect = defineLoad(reconnectSchema, {
  unit: 'clients',
  planned: ({ clients }) => clients,
  seconds: ({ within, reaction }) => within + reaction,
  // Old entries expire by the kernel's clock, however slow the machine is.
  stretched: (load, pace) => ({ ...load, within: load.within * pace }),
  ownPace: ({ within }) => within === 0,
  ownAddresses: ['pods', 'service'],
  runner: () => import('./run.ts'),
});

import { defineLoad } from '../define-load.ts';
import { reconnectSchema } from './schema.ts';

export const reconnect = defineLoad(reconnectSchema, {
  unit: 'clients',
  planned: ({ clients }) => clients,
  seconds: ({ within, reaction }) => within + reaction,
  stretched: (load, pace) => ({ ...load, within: load.within * pace, reaction: load.reaction * pace }),
  ownAddresses: ['pods', 'service'],
  runner: () => import('./run.ts'),
});

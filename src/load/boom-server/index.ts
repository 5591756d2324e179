import { defineLoad, evenly } from '../define-load.ts';
import { boomServerSchema, type BoomServer } from './schema.ts';

/** Clients of a boom-server (kubernetes issue 74839). */
export const boomServer = defineLoad(boomServerSchema, {
  unit: 'connections',
  ...evenly<BoomServer>(({ connections }) => connections),
  answeredBy: ['boom-server', 'boom-pod'],
  runner: () => import('./run.ts'),
});

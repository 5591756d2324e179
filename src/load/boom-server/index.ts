import { defineLoad } from '../define-load.ts';
import { boomServerSchema } from './schema.ts';

/** The clients of a boom-server (kubernetes issue 74839). */
export const boomServer = defineLoad(boomServerSchema, {
  unit: 'connections',
  planned: ({ connections }) => connections,
  seconds: ({ seconds }) => seconds,
  peakRate: ({ connections, seconds }) => connections / seconds,
  stretched: (load, pace) => ({ ...load, seconds: load.seconds * pace }),
  answeredBy: ['boom-server', 'boom-pod'],
  runner: () => import('./run.ts'),
});

import { defineLoad } from '../define-load.ts';
import { nodeAgentSchema } from './schema.ts';

/** Node agents that report as a kubelet renews its lease: to the API server's own address, past the service. */
export const nodeAgent = defineLoad(nodeAgentSchema, {
  unit: 'heartbeats',
  planned: ({ heartbeats }) => heartbeats,
  seconds: ({ seconds }) => seconds,
  peakRate: ({ heartbeats, seconds }) => heartbeats / seconds,
  stretched: (load, pace) => ({ ...load, seconds: load.seconds * pace }),
  runner: () => import('./run.ts'),
});

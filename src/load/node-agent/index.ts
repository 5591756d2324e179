import { defineLoad, evenly } from '../define-load.ts';
import { nodeAgentSchema, type NodeAgent } from './schema.ts';

/**
 * Node agents that report like a kubelet renewing its lease: to the API server's own address, past the
 * service.
 */
export const nodeAgent = defineLoad(nodeAgentSchema, {
  unit: 'heartbeats',
  ...evenly<NodeAgent>(({ heartbeats }) => heartbeats),
  runner: () => import('./run.ts'),
});

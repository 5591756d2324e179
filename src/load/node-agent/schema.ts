import { z } from 'zod';
import { count, seconds } from '../../util/bounds.ts';
import { podSet, service, spread } from '../fields.ts';

export const nodeAgentSchema = z
  .strictObject({
    kind: z.literal('node-agent'),
    pods: podSet,
    service,
    heartbeats: count.describe('Heartbeats of all agents together, evenly spaced.'),
    seconds: spread,
    timeout: seconds('A heartbeat that is not answered within this time is missed.'),
    reuse: z
      .boolean()
      .default(false)
      .describe('`true`: each agent keeps its connection; `false`: a new connection per heartbeat.'),
  })
  .describe(
    'node agents that report to an API server, a new connection per heartbeat unless they keep theirs',
  );

export type NodeAgent = z.infer<typeof nodeAgentSchema>;

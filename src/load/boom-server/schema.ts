import { z } from 'zod';
import { SEGMENTS } from '../../server/segments.ts';
import { seconds, sockets } from '../../util/bounds.ts';
import { podSet, service, spread } from '../fields.ts';

export const boomServerSchema = z
  .strictObject({
    kind: z.literal('boom-server'),
    pods: podSet,
    service,
    connections: sockets.describe('Connections in the whole phase; each sends one request.'),
    seconds: spread,
    segment: z
      .enum(SEGMENTS)
      .default('none')
      .describe(
        'Place of the forged segment relative to the receive window. `reset`: an RST of data acknowledged long ago; `fin`: a FIN above the window.',
      ),
    forgedBy: z
      .enum(['server', 'client'])
      .default('server')
      .describe('Which end forges it: the server once it is asked, or the client before it asks.'),
    patience: seconds('A connection that is neither reset nor finished within this time hangs.'),
  })
  .describe('connections to a server that forges a segment before it answers');

export type BoomServer = z.infer<typeof boomServerSchema>;

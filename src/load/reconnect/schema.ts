import { z } from 'zod';
import { count, moment, seconds } from '../../util/bounds.ts';
import { podSet, service } from '../fields.ts';

export const reconnectSchema = z
  .strictObject({
    kind: z.literal('reconnect'),
    pods: podSet,
    service: service.describe('The service, with the app `stateless`, whose one backend restarts.'),
    clients: count.describe(
      'Clients connected to that backend; all come back from other ports. Figures count who is back, and when.',
    ),
    goodbye: z
      .enum(['reset', 'close'])
      .describe('How the restart ends connections: by a reset (RST), or a proper close (FIN, answered).'),
    within: moment(
      'The clients come back evenly over this time, like a backoff with jitter; 0: as fast as packets can be sent.',
    ).prefault('0s'),
    reaction: seconds(
      'Without a backoff all clients must begin to come back within this time, or the generator is the bottleneck.',
    ),
    patience: seconds(
      'A client still unconnected this long after its attempt began has failed, though it keeps trying.',
    ),
    giveUp: seconds('Clients still unconnected this long after the last attempt began are given up.'),
  })
  .describe('a hundred thousand clients that reconnect to one restarted backend, all at once');

export type Reconnect = z.infer<typeof reconnectSchema>;

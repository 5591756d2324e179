import { z } from 'zod';
import { count, moment, seconds } from '../../util/bounds.ts';
import { podSet, service } from '../fields.ts';

export const reconnectSchema = z
  .strictObject({
    kind: z.literal('reconnect'),
    pods: podSet,
    service: service.describe('The service, with the app `stateless`, whose one backend restarts.'),
    clients: count.describe(
      'Clients with a connection to that backend; all come back from other ports. Counted is who is back, and when.',
    ),
    goodbye: z
      .enum(['reset', 'close'])
      .describe('What the restart says to its clients: a reset (RST), or a proper close (FIN, answered).'),
    within: moment(
      'The clients come back evenly over so long a time, as with a backoff with jitter; 0: as fast as they can be sent.',
    ).prefault('0s'),
    reaction: seconds(
      'Without a backoff all clients have begun to come back so soon, or the generator is the bottleneck.',
    ),
    patience: seconds(
      'A client that is not connected so long after its attempt began has failed, though it goes on trying.',
    ),
    giveUp: seconds('A client that is not connected so long after the last of them began is given up.'),
  })
  .describe('a hundred thousand clients of one backend that restarts, and comes to face all of them at once');

export type Reconnect = z.infer<typeof reconnectSchema>;

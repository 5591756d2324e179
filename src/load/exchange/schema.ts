import { z } from 'zod';
import { count, milliseconds, moment, seconds } from '../../util/bounds.ts';
import { podSet, service } from '../fields.ts';

export const exchangeSchema = z
  .strictObject({
    kind: z.literal('exchange'),
    pods: podSet,
    service,
    protocol: z
      .enum(['udp', 'tcp'])
      .describe('What the clients speak. A TCP client connects again only once its connection is closed.'),
    clients: count.describe('Clients, each with a port of its own for the whole phase.'),
    everyMs: milliseconds('The time between two questions of one client.'),
    after: moment('The clients begin to ask so long after the phase began.').prefault('0s'),
    seconds: seconds('How long they go on asking.'),
    patience: seconds('An answer that takes longer has failed its caller.'),
  })
  .describe('clients that ask again and again from the same port, or on the same connection');

export type Exchange = z.infer<typeof exchangeSchema>;

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
      .describe('The clients’ protocol. A TCP client reconnects only once its connection is closed.'),
    clients: count.describe('Clients, each with its own port for the whole phase.'),
    everyMs: milliseconds('The time between two questions of one client.'),
    after: moment('When the clients begin to ask, since the phase began.').prefault('0s'),
    seconds: seconds('How long they ask.'),
    patience: seconds('An answer that takes longer counts as failed.'),
  })
  .describe('clients that ask repeatedly from the same port, or on the same connection');

export type Exchange = z.infer<typeof exchangeSchema>;

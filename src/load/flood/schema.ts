import { z } from 'zod';
import { count } from '../../util/bounds.ts';
import { spread } from '../fields.ts';

export const floodSchema = z
  .strictObject({
    kind: z.literal('flood'),
    pods: z
      .string()
      .describe('The first pod of this set sends, from addresses routed to it and assigned to none.'),
    to: z.string().describe('The first pod of this set receives, and answers where the flow has answers.'),
    flows: count.describe('Flows in the whole phase. Lost packets are not retransmitted.'),
    seconds: spread,
    flow: z
      .enum(['datagram', 'closed-connection'])
      .describe('One datagram; or a TCP connection, opened and closed by both ends.'),
  })
  .describe('flows of raw packets, tens of thousands a second: one-shot datagrams or whole connections');

export type Flood = z.infer<typeof floodSchema>;

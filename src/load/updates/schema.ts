import { z } from 'zod';
import { count, seconds } from '../../util/bounds.ts';
import { service, spread } from '../fields.ts';

export const updatesSchema = z
  .strictObject({
    kind: z.literal('updates'),
    service: service.describe('The service whose endpoints change.'),
    pods: z.string().describe('The set of pods that an endpoint is taken from at first.'),
    to: z.string().describe('The set of pods that it is taken from in turn with the other.'),
    updates: count.describe(
      'Updates in the whole phase. One is over once the kube-proxy of the node under test has programmed it and cleaned up after it.',
    ),
    seconds: spread,
    patience: seconds('An update that takes longer has failed whoever waits for it.'),
    giveUp: seconds('An update that is not over after so long is given up.'),
  })
  .describe('endpoints of a service that change through the API server, one of each of two sets in turn');

export type Updates = z.infer<typeof updatesSchema>;

import { z } from 'zod';
import { count, seconds } from '../../util/bounds.ts';
import { service, spread } from '../fields.ts';

export const updatesSchema = z
  .strictObject({
    kind: z.literal('updates'),
    service: service.describe('The service whose endpoints change.'),
    pods: z.string().describe('The set of pods that provides the first endpoint.'),
    to: z.string().describe('The set of pods that alternates with the first.'),
    updates: count.describe(
      'Updates in the whole phase. One ends once the kube-proxy of the node under test has programmed it and cleaned up.',
    ),
    seconds: spread,
    patience: seconds('An update that takes longer counts as failed.'),
    giveUp: seconds('An update is given up after this time.'),
  })
  .describe('endpoints of a service that alternate between two sets of pods, through the API server');

export type Updates = z.infer<typeof updatesSchema>;

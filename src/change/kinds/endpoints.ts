import { z } from 'zod';
import { moment } from '../../util/bounds.ts';
import { defineChange } from '../define.ts';

export const endpoints = defineChange({
  kind: 'endpoints',
  doc:
    'Gives a service the pods of another set, or none. Every node’s NAT rules are reprogrammed, its conntrack table ' +
    'is left alone, the DNS answers with the new pods, and the old ones lose their route.',
  fields: {
    service: z.string().describe('A service of the topology.'),
    pods: z
      .string()
      .optional()
      .describe('The new set of pods behind it. Absent: none, as of a Deployment that is scaled to 0.'),
    grace: moment(
      'How long the old pods stay after their last new client, like terminationGracePeriodSeconds.',
    ).prefault('200ms'),
  },
  api: 'made',
  names: ({ service, pods }) => ({ service, pods: pods === undefined ? [] : [pods] }),
  leavesStale: true,
  apply: (change, { repoint }) => repoint(change),
});

import { z } from 'zod';
import { moment } from '../../util/bounds.ts';
import { defineChange } from '../define.ts';

export const endpoints = defineChange({
  kind: 'endpoints',
  doc:
    'Gives a service the pods of another set. Every node’s NAT rules are programmed anew and its conntrack table is left ' +
    'alone; the DNS answers with the new pods; the old ones lose their route.',
  fields: {
    service: z.string().describe('A service of the topology.'),
    pods: z.string().describe('The set of pods that stands behind it from then on.'),
    grace: moment(
      'The old pods go so long after their last new client, as terminationGracePeriodSeconds has it.',
    ).prefault('200ms'),
  },
  api: 'made',
  apply: (change, { own }) => own.endpoints(change),
});

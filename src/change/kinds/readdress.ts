import { z } from 'zod';
import { defineChange, onlyByLab } from '../define.ts';

export const readdress = defineChange({
  kind: 'readdress',
  doc:
    'Gives the pods of a set the addresses of pods that have gone, one each, as a CNI plugin gives a freed address to ' +
    'the next pod of the same node.',
  fields: {
    pods: z.string().describe('The set that gets the addresses, beside its own.'),
    of: z.string().describe('The set that had them: as many pods, on the same nodes.'),
  },
  nodes: ({ pods }, { ofPods }) => ofPods(pods),
  names: ({ pods, of }) => ({ pods: [pods, of] }),
  notOnCluster: 'on a cluster the CNI plugin decides who gets an address',
  apply: onlyByLab('this lab can’t give a pod another’s address'),
});

import { z } from 'zod';
import { defineChange, onlyByLab } from '../define.ts';

export const unprogrammed = defineChange({
  kind: 'unprogrammed',
  doc:
    'Takes a service’s rules from every node, as before kube-proxy or the CNI plugin has written them: packets to its ' +
    'address are neither translated nor rejected. Its pods stay.',
  fields: { service: z.string().describe('A service of the topology.') },
  names: ({ service }) => ({ service }),
  notOnCluster: 'on a cluster kube-proxy writes the rules of services',
  apply: onlyByLab('this lab can’t take the rules of a service away'),
});

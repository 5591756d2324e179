import { z } from 'zod';
import { defineChange, onlyByLab } from '../define.ts';
import { objectSchema } from '../kubernetes-object.ts';

export const manifest = defineChange({
  kind: 'manifest',
  doc:
    'Applies Kubernetes objects as they are, waits for their rollout, and reads back which sysctls changed on the nodes. ' +
    'Undoing deletes what is new, and restores what was replaced, and the sysctls. It runs the objects’ own containers.',
  fields: {
    objects: z.array(objectSchema).min(1).describe('The objects, applied in this order.'),
  },
  runs: ({ objects }) =>
    `whatever these objects start: ${objects.map(({ kind, metadata }) => `${kind} ${metadata?.name ?? ''}`.trim()).join(', ')}`,
  cluster: 'it applies objects through an API server',
  api: 'made',
  image: 'tools',
  notInPhase: 'objects can’t be deployed in the middle of a phase',
  apply: onlyByLab('a manifest needs a cluster: use --lab kind'),
});

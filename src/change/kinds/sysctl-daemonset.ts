import { z } from 'zod';
import { defineChange, onlyByLab } from '../define.ts';
import { sysctlName } from '../../util/sysctl-name.ts';

export const sysctlDaemonset = defineChange({
  kind: 'sysctl-daemonset',
  doc: 'Deploys a DaemonSet whose init container writes these sysctls on every node.',
  fields: {
    sysctls: z
      .record(sysctlName, z.number().int().positive())
      .describe('The new value of each sysctl, by name.'),
  },
  cluster: 'it deploys a DaemonSet',
  api: 'made',
  notInPhase: 'objects can’t be deployed in the middle of a phase',
  apply: onlyByLab('a DaemonSet needs a cluster: use --lab kind'),
});

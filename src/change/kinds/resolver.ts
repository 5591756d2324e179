import { z } from 'zod';
import { defineChange, onlyByLab } from '../define.ts';

export const resolver = defineChange({
  kind: 'resolver',
  doc: 'Changes the `options` line of every pod’s resolv.conf, like `dnsConfig.options` of a pod’s spec.',
  fields: {
    options: z
      .array(z.string())
      .min(1)
      .describe('Options of resolv.conf(5), such as `ndots:2`. They replace those of the same name.'),
  },
  nodes: (_, { lookingUp }) => lookingUp,
  api: 'made',
  lacks: ({ resolver: settings }) =>
    settings === undefined ? 'pods have no resolver; add topology.resolver' : undefined,
  apply: onlyByLab('this topology has no resolver: add topology.resolver'),
});

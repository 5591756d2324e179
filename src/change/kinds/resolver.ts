import { z } from 'zod';
import { defineChange } from '../define.ts';

export const resolver = defineChange({
  kind: 'resolver',
  doc: 'Changes the `options` line of every pod’s resolv.conf, as `dnsConfig.options` of a pod’s spec does.',
  fields: {
    options: z
      .array(z.string())
      .min(1)
      .describe('Options as resolv.conf(5) has them: `ndots:2`. One of the same name is replaced.'),
  },
  nodes: (_, { lookingUp }) => lookingUp,
  api: 'made',
  apply: (change, { own }) => {
    if (own.resolver === undefined)
      throw new Error('this topology has no resolver: give it topology.resolver');
    return own.resolver(change);
  },
});

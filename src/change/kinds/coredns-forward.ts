import { z } from 'zod';
import { defineChange } from '../define.ts';

export const corednsForward = defineChange({
  kind: 'coredns-forward',
  doc: 'Changes how CoreDNS asks those outside the cluster: options of the plugin `forward` in its Corefile.',
  fields: {
    options: z
      .array(z.enum(['prefer_udp', 'force_tcp']))
      .min(1)
      .describe('Options of the plugin.'),
  },
  nodes: (_, { ofDns }) => ofDns,
  cluster: 'it is the Corefile of CoreDNS itself',
  api: 'made',
  apply: (change, { own }) => {
    if (own.corefile === undefined) throw new Error('the DNS of this lab is no CoreDNS');
    return own.corefile(change);
  },
});

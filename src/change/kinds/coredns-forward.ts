import { z } from 'zod';
import { defineChange, onlyByLab } from '../define.ts';

/** Options of CoreDNS's plugin `forward`. */
export const FORWARD_OPTIONS = ['prefer_udp', 'force_tcp'] as const;

export const corednsForward = defineChange({
  kind: 'coredns-forward',
  doc: 'Changes how CoreDNS queries servers outside the cluster: options of the plugin `forward` in its Corefile.',
  fields: {
    options: z.array(z.enum(FORWARD_OPTIONS)).min(1).describe('Options of the plugin.'),
  },
  nodes: (_, { ofDns }) => ofDns,
  cluster: 'it changes CoreDNS’s own Corefile',
  api: 'made',
  apply: onlyByLab('this lab’s DNS is not CoreDNS'),
});

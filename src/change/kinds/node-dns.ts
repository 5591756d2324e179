import { z } from 'zod';
import { defineChange, onlyByLab } from '../define.ts';

export const nodeDns = defineChange({
  kind: 'node-dns',
  doc: 'Puts a DNS cache on every node, like NodeLocal DNSCache; pods query it instead of kube-dns.',
  fields: { notrack: z.boolean().describe('Whether packets to and from the cache bypass conntrack.') },
  api: 'made',
  image: 'node-local-dns',
  apply: onlyByLab('this lab can’t put a DNS cache on its nodes'),
});

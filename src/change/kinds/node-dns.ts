import { z } from 'zod';
import { defineChange } from '../define.ts';

export const nodeDns = defineChange({
  kind: 'node-dns',
  doc: 'Puts a DNS cache on every node, like NodeLocal DNSCache; pods query it instead of kube-dns.',
  fields: { notrack: z.boolean().describe('Whether packets to and from the cache bypass conntrack.') },
  api: 'made',
  apply: (change, { own }) => own.nodeDns(change),
});

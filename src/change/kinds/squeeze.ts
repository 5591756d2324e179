import { z } from 'zod';
import { kernelInt, nodeList } from '../../util/bounds.ts';
import { defineChange } from '../define.ts';

export const squeeze = defineChange({
  kind: 'squeeze',
  doc: 'Leaves so many free entries in the conntrack table of a node, in the way that `--squeeze` says.',
  fields: {
    node: z.string().describe('A node of the topology.'),
    free: kernelInt.describe('Entries left free.'),
    assured: z
      .boolean()
      .optional()
      .describe(
        'false: filled with entries that the kernel evicts for new ones (early_drop); `ballast` only. true unless said.',
      ),
    alike: nodeList(z.string()).optional().describe('Further nodes whose tables are left with as many.'),
  },
  nodes: ({ node, alike = [] }) => [node, ...alike],
  apply: (change, { ballasts }) => ballasts.fill(change),
});

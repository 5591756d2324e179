import { z } from 'zod';
import { kernelInt, nodeList } from '../../util/bounds.ts';
import { defineChange, onlyOf } from '../define.ts';
import { setsMaximum } from '../squeezes.ts';

export const squeeze = defineChange({
  kind: 'squeeze',
  doc: 'Leaves `free` entries free in a node’s conntrack table, in the way of `--squeeze`.',
  fields: {
    node: z.string().describe('A node of the topology.'),
    free: kernelInt.describe('Entries left free.'),
    assured: z
      .boolean()
      .optional()
      .describe(
        '`false`: fill with entries that the kernel evicts for new ones (early_drop); `ballast` only. Default: `true`.',
      ),
    alike: nodeList(z.string()).optional().describe('Further nodes whose tables are filled alike.'),
  },
  nodes: ({ node, alike = [] }) => [node, ...alike],
  names: ({ node, alike = [] }) => ({ nodes: [node, ...alike] }),
  notAs: { remedy: 'a remedy can’t squeeze; use another kind' },
  onMachine: {
    what: 'maximum',
    when: (_, squeeze) => squeeze === 'sysctl',
    apply: ({ free }, machine) => machine.lowerMax(free),
  },
  setsLimit: (_limit, _after, squeeze) => setsMaximum(squeeze),
  apply: (change, { ballasts }) => ballasts.fill(change),
});

/** The change, where it is a squeeze. */
export const squeezeOf = onlyOf(squeeze.kind);

import { z } from 'zod';
import { DEMAND_MARK } from '../../host/marks.ts';
import type { Host } from '../../host/host.ts';
import { defineChange } from '../define.ts';
import { doneOnce } from '../done-once.ts';
import { settled } from '../../util/settled.ts';

export const flush = defineChange({
  kind: 'flush',
  doc: 'Deletes the entries of a node’s traffic, like `conntrack -D`; those of held connections stay.',
  fields: { node: z.string().describe('A node of the topology, or `all`.') },
  apply: async ({ node }, target) => {
    const entries = (host: Host): number => host.table().entries;
    return doneOnce(
      await settled(
        target.nodes(node).map(async (host) => {
          const before = entries(host);
          await host.flushMark(DEMAND_MARK);
          return { node: host.name, before, after: entries(host) };
        }),
      ),
    );
  },
});

import { z } from 'zod';
import { DEMAND_MARK } from '../../host/marks.ts';
import type { Host } from '../../host/host.ts';
import { defineChange } from '../define.ts';
import { doneOnce } from '../done-once.ts';

export const flush = defineChange({
  kind: 'flush',
  doc: 'Deletes the entries of a node’s traffic, like `conntrack -D`; those of held connections stay.',
  fields: { node: z.string().describe('A node of the topology, or `all`.') },
  apply: ({ node }, target) => {
    const entries = (host: Host): number => host.table().entries;
    return doneOnce(
      target.nodes(node).map((host) => {
        const before = entries(host);
        host.flushMark(DEMAND_MARK);
        return { node: host.name, before, after: entries(host) };
      }),
    );
  },
});

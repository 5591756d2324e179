import { z } from 'zod';
import { acceptInvalid, dropsInvalid, dropsInvalidAgain } from '../../host/invalid-packets.ts';
import { defineChange } from '../define.ts';
import { restorable } from '../restorable.ts';

const IN_FORCE = 'in force';

export const invalidRule = defineChange({
  kind: 'invalid-rule',
  doc:
    'Bypasses kube-proxy’s rule that drops INVALID packets: they are accepted before it. Nodes ' +
    'without the rule are left alone.',
  fields: { node: z.string().describe('A node of the topology, or `all`.') },
  apply: ({ node }, target) =>
    restorable(
      target.nodes(node).map((host) => ({
        name: host.name,
        read: async () => ((await dropsInvalid(host)) ? IN_FORCE : 'none'),
        make: async () => {
          if (await dropsInvalid(host)) await acceptInvalid(host);
        },
        restore: async (before) => {
          if (before === IN_FORCE && !(await dropsInvalid(host))) await dropsInvalidAgain(host);
        },
      })),
    ),
});

import { z } from 'zod';
import { defineChange } from '../define.ts';
import { restorable } from '../restorable.ts';

export const nginx = defineChange({
  kind: 'nginx',
  doc: 'Restarts every nginx of the topology with another `keepalive` in its upstream.',
  fields: {
    keepalive: z
      .number()
      .int()
      .nonnegative()
      .max(100_000)
      .describe('How many idle connections to the upstream each worker keeps.'),
  },
  notOnCluster: 'nginx is not supported on --lab kind yet',
  apply: ({ keepalive }, { proxies }) => {
    if (proxies.length === 0) throw new Error('this topology has no nginx: add a service with that app');
    return restorable(
      proxies.map((proxy) => ({
        name: proxy.name,
        read: () => proxy.keepalive,
        make: () => proxy.start(keepalive),
        restore: (before) => proxy.start(Number(before)),
      })),
    );
  },
});

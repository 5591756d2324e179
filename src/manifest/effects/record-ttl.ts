import { defineEffect } from '../effect.ts';

/** The TTL of the cluster's DNS, s. */
export const recordTtl = defineEffect<number>({
  changes: (seconds) => ({
    changes: [{ kind: 'record-ttl', seconds }],
    means: `the cluster’s DNS answers with a TTL of ${String(seconds)} s`,
  }),
});

import { ASKING_DNS } from '../../remedy/loads.ts';
import { defineEffect } from '../effect.ts';

/** A DNS cache on every node. */
export const nodeDns = defineEffect<{ readonly notrack: boolean }>({
  changes: ({ notrack }) => ({
    changes: [{ kind: 'node-dns', notrack }],
    means: `a DNS cache on every node${notrack ? ', not tracked' : ''}, which every pod asks`,
  }),
  needsAlone: () => ASKING_DNS,
});

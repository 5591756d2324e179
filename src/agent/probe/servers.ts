import type { Probe } from './probe.ts';

/** `queries` that reached the DNS pods, and `server.resets` that a boom-server received. */
export const servers: Probe = {
  totals: async ({ nodes, served }, node) => (node === nodes[0] ? served() : {}),
};

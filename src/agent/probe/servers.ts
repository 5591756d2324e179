import type { Probe } from './probe.ts';

/** What the servers saw: `queries` that reached the DNS pods, `server.resets` that a boom-server got. */
export const servers: Probe = {
  name: 'servers',
  totals: async ({ nodes, served }, node) => (node === nodes[0] ? served() : {}),
};

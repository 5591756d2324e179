import { z } from 'zod';
import { defineChange } from '../define.ts';
import { restorable } from '../restorable.ts';

export const route = defineChange({
  kind: 'route',
  doc:
    'Has a node send packets for another node’s pods by way of a third. Answers take the direct way, so the third sees ' +
    'half of each connection, as with two interfaces to the outside or an address that several nodes announce.',
  fields: {
    node: z.string().describe('The node that sends.'),
    to: z.string().describe('The node whose pods they are for.'),
    via: z.string().describe('The node by which they go.'),
  },
  names: ({ node, to, via }) => ({ nodes: [node, to, via] }),
  notOnCluster: 'on a cluster the CNI plugin keeps the routes between nodes',
  apply: ({ node, to, via }, target) => {
    const { podCidr, ip: direct } = target.place(to);
    const { ip: around } = target.place(via);
    return restorable(
      target.nodes(node).map((host) => ({
        name: host.name,
        read: () => host.run(['ip', 'route', 'show', podCidr]),
        make: () => host.ip([`route replace ${podCidr} via ${around}`]),
        restore: () => host.ip([`route replace ${podCidr} via ${direct}`]),
      })),
    );
  },
});

import { z } from 'zod';
import { defineChange } from '../define.ts';
import { addChain, CHAIN_FIELDS, setsIn } from '../nft-chain.ts';

export const nft = defineChange({
  kind: 'nft',
  doc: 'Adds an nftables base chain to one node, or to all.',
  fields: {
    node: z.string().describe('A node of the topology, or `all`.'),
    hook: z.enum(['prerouting', 'input', 'forward', 'output', 'postrouting']).describe('The netfilter hook.'),
    ...CHAIN_FIELDS,
  },
  names: ({ node, rules }) => ({ nodes: [node], pods: setsIn(rules) }),
  apply: (change, target) =>
    addChain(change, target.nodes(change.node), (host) => target.definitions(change.rules, host)),
});

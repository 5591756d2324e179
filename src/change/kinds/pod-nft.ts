import { z } from 'zod';
import { defineChange } from '../define.ts';
import { addChain, CHAIN_FIELDS, setsIn } from '../nft-chain.ts';

export const podNft = defineChange({
  kind: 'pod-nft',
  doc:
    'Adds an nftables base chain in the network namespace of each pod of a set, as the init container of a mesh does. ' +
    'A chain that drops all input makes a pod dumb, as a node that has died.',
  fields: {
    pods: z.string().describe('A set of `topology.pods`.'),
    hook: z.enum(['prerouting', 'input', 'output', 'postrouting']).describe('The netfilter hook.'),
    ...CHAIN_FIELDS,
  },
  nodes: ({ pods }, { ofPods }) => ofPods(pods),
  names: ({ pods, rules }) => ({ pods: [pods, ...setsIn(rules)] }),
  apply: (change, target) =>
    addChain(change, target.pods(change.pods), (host) => target.definitions(change.rules, host)),
});

import { z } from 'zod';
import { defineChange } from '../define.ts';
import { restorable } from '../restorable.ts';

let tables = 0;

export const nft = defineChange({
  kind: 'nft',
  doc: 'Adds an nftables base chain to one node, or to all.',
  fields: {
    node: z.string().describe('A node of the topology, or `all`.'),
    type: z.enum(['filter', 'nat']).optional().describe('The chain’s type. Default: `filter`.'),
    hook: z.enum(['prerouting', 'forward', 'postrouting']).describe('The netfilter hook.'),
    priority: z.number().int().describe('The chain’s priority at the hook; conntrack is at -200.'),
    rules: z
      .array(z.string().refine(isOneStatement, 'a statement must be one line with balanced braces'))
      .min(1)
      .describe('Statements of nft(8), one per line.'),
  },
  nodes: ({ node }) => [node],
  apply: ({ node, type = 'filter', hook, priority, rules }, target) => {
    const table = `tablefull-change-${String(++tables)}`;
    const chain = [`type ${type} hook ${hook} priority ${String(priority)};`, ...rules].join('\n');
    return restorable(
      target.nodes(node).map((host) => ({
        name: host.name,
        read: async () => ((await host.hasTable(table)) ? 'present' : 'absent'),
        make: () =>
          host.nft(
            `${target.definitions(rules, host.name)}table ip ${table} {\nchain ${hook} {\n${chain}\n}\n}\n`,
          ),
        restore: async () => {
          if (await host.hasTable(table)) await host.nft(`delete table ip ${table}\n`);
        },
      })),
    );
  },
});

/** Whether a rule stays within the braces of its chain. */
function isOneStatement(rule: string): boolean {
  let depth = 0;
  for (const character of rule) {
    if (character === '{') depth++;
    if (character === '}') depth--;
    if (depth < 0 || character === '\n') return false;
  }
  return depth === 0;
}

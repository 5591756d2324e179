import { z } from 'zod';
import type { Host } from '../host/host.ts';
import type { Done } from './done.ts';
import { restorable } from './restorable.ts';

let tables = 0;

/** The fields of a base chain, beside where it is and its hook. */
export const CHAIN_FIELDS = {
  type: z.enum(['filter', 'nat']).optional().describe('The chain’s type. Default: `filter`.'),
  priority: z.number().int().describe('The chain’s priority at the hook; conntrack is at -200.'),
  rules: z
    .array(
      z.string().refine(isOneStatement, 'a statement must be one line with balanced braces, and no include'),
    )
    .min(1)
    .describe('Statements of nft(8), one per line.'),
};

export interface Chain {
  readonly type?: 'filter' | 'nat' | undefined;
  readonly hook: string;
  readonly priority: number;
  readonly rules: readonly string[];
}

/**
 * Adds a base chain, in a table of its own, to each host.
 *
 * @param definitions what the rules need on a host, by its name
 */
export function addChain(
  { type = 'filter', hook, priority, rules }: Chain,
  hosts: readonly Host[],
  definitions: (host: string) => string,
): Promise<Done> {
  const table = `tablefull-change-${String(++tables)}`;
  const chain = [`type ${type} hook ${hook} priority ${String(priority)};`, ...rules].join('\n');
  return restorable(
    hosts.map((host) => ({
      name: host.name,
      read: async () => ((await host.hasTable(table)) ? 'present' : 'absent'),
      make: () => host.nft(`${definitions(host.name)}table ip ${table} {\nchain ${hook} {\n${chain}\n}\n}\n`),
      restore: async () => {
        if (await host.hasTable(table)) await host.nft(`delete table ip ${table}\n`);
      },
    })),
  );
}

/** Whether a rule stays within the braces of its chain. */
function isOneStatement(rule: string): boolean {
  // nft(8) would read a file of the machine's.
  if (/^\s*include\b/.test(rule)) return false;
  let depth = 0;
  for (const character of rule) {
    if (character === '{') depth++;
    if (character === '}') depth--;
    if (depth < 0 || character === '\n') return false;
  }
  return depth === 0;
}

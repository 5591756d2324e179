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
      z
        .string()
        .refine(
          isOneStatement,
          'must be one statement: on one line, with balanced braces, without `;`, a comment or an include',
        ),
    )
    .min(1)
    .describe('Statements of nft(8), one per line. `$pods_SET` stands for the addresses of a set’s pods.'),
};

interface Chain {
  readonly type?: 'filter' | 'nat' | undefined;
  readonly hook: string;
  readonly priority: number;
  readonly rules: readonly string[];
}

/** The sets of pods whose addresses rules name. */
export function setsIn(rules: readonly string[]): readonly string[] {
  const named = rules.flatMap((rule) =>
    [...rule.matchAll(/\$pods_([a-z0-9-]+)/g)].map(([, set]) => set ?? ''),
  );
  return [...new Set(named)];
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

/**
 * Whether a rule is one statement: it can neither leave the braces of its chain nor name a file of the
 * machine's, which nft(8) would read.
 */
export function isOneStatement(rule: string): boolean {
  // To nft(8), what stands in quotes is no syntax: quoted braces must not make up for bare ones.
  const bare = rule.replaceAll(/"[^"\n]*"/g, ' ');
  if (/[\n;#"]|\binclude\b/.test(bare)) return false;
  let depth = 0;
  for (const character of bare) {
    if (character === '{') depth++;
    if (character === '}') depth--;
    if (depth < 0) return false;
  }
  return depth === 0;
}

import { isOneStatement } from '../change/nft-chain.ts';
import type { NftChain } from './effects/nft.ts';

const HOOKS = ['prerouting', 'input', 'forward', 'output', 'postrouting'] as const;
/** nft(8)'s names of priorities, of the families ip, ip6 and inet. */
const PRIORITIES: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};

interface ReadNft {
  readonly chains: readonly NftChain[];
  /** What was not understood, with why. */
  readonly gaps: readonly { readonly what: string; readonly why: string }[];
}

interface Block {
  readonly head: string;
  /** Statements and inner blocks, in order. */
  readonly body: readonly (string | Block)[];
}

/** The base chains of a text for `nft -f`, which is read and not loaded. */
export function readNft(text: string): ReadNft {
  const chains: NftChain[] = [];
  const gaps: { what: string; why: string }[] = [];
  const gap = (what: string, why: string): void => {
    gaps.push({ what, why });
  };
  for (const each of blocksOf(text)) {
    if (typeof each === 'string') {
      // `delete table` before a table makes a file that may be loaded twice.
      if (!/^(delete|flush|destroy|add) table\b|^#/.test(each)) gap(each, 'only tables are followed');
      continue;
    }
    const [, family = 'ip'] =
      /^(?:add )?table (?:(ip|inet|ip6|arp|bridge|netdev) )?\S+$/.exec(each.head) ?? [];
    if (!each.head.includes('table')) gap(each.head, 'only tables are followed');
    else if (family !== 'ip' && family !== 'inet') gap(each.head, `the family ${family} is not IPv4’s`);
    else for (const inner of each.body) chainOf(inner, each.head, { chains, gap });
  }
  return { chains, gaps };
}

function chainOf(
  inner: string | Block,
  table: string,
  { chains, gap }: { chains: NftChain[]; gap: (what: string, why: string) => void },
): void {
  const head = typeof inner === 'string' ? inner : inner.head;
  if (typeof inner === 'string' || !head.startsWith('chain ')) {
    gap(`${table}: ${head}`, 'only base chains are followed');
    return;
  }
  const [declaration = '', ...rest] = inner.body.map(textOf);
  const [, type, hook, priority = ''] =
    /^type (filter|nat) hook (\w+)(?: device \S+)? priority ([^;]+)$/.exec(declaration) ?? [];
  const at = priorityOf(priority);
  const known = HOOKS.find((name) => name === hook);
  if (type === undefined || known === undefined || at === undefined) {
    gap(`${table}: ${head}`, `only filter and nat chains at ${HOOKS.join(', ')} are followed`);
    return;
  }
  const rules = rest.filter((rule) => !/^policy accept$/.test(rule));
  if (rules.length === 0 || rules.some((rule) => rule.startsWith('policy ') || !isOneStatement(rule)))
    gap(`${table}: ${head}`, 'a chain without rules, with a policy or with files is not followed');
  else chains.push({ type: type === 'nat' ? 'nat' : 'filter', hook: known, priority: at, rules });
}

/** `filter`, `raw - 5`, `-300`. */
function priorityOf(text: string): number | undefined {
  const [, name, sign, more = '0'] = /^([a-z]+)(?:\s*([+-])\s*(\d+))?$/.exec(text.trim()) ?? [];
  if (name === undefined) return /^-?\d+$/.test(text.trim()) ? Number(text) : undefined;
  const base = PRIORITIES[name];
  return base === undefined ? undefined : base + (sign === '-' ? -1 : 1) * Number(more);
}

function textOf(part: string | Block): string {
  return typeof part === 'string' ? part : `${part.head} { ${part.body.map(textOf).join('; ')} }`.trim();
}

/** Blocks that hold statements; other braces are a statement’s own, such as a set’s. */
const OPENS = /^(?:add )?(table|chain)\b/;

function blocksOf(text: string): readonly (string | Block)[] {
  const root: { head: string; body: (string | Block)[] } = { head: '', body: [] };
  const open = [root];
  let statement = '';
  let inner = 0;
  const end = (): void => {
    const said = statement.trim().replaceAll(/\s+/g, ' ');
    if (said !== '' && !said.startsWith('#')) open.at(-1)?.body.push(said);
    statement = '';
  };
  for (const character of text.replaceAll(/(^|\s)#[^\n]*/g, '$1')) {
    if (character === '{' && inner === 0 && OPENS.test(statement.trim())) {
      const block = { head: statement.trim().replaceAll(/\s+/g, ' '), body: [] };
      open.at(-1)?.body.push(block);
      open.push(block);
      statement = '';
    } else if (character === '}' && inner === 0) {
      end();
      if (open.length > 1) open.pop();
    } else if ((character === '\n' || character === ';') && inner === 0) end();
    else {
      if (character === '{') inner++;
      if (character === '}') inner--;
      statement += character;
    }
  }
  end();
  return root.body;
}

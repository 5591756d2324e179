import { NODE_DNS } from '../../../agent/network.ts';
import type { Host } from '../../../host/host.ts';

type IptablesHost = Pick<Host, 'iptables' | 'deleteIptables'>;

/** In raw they keep its packets out of conntrack, in filter they accept what no entry vouches for then. */
const TABLES = ['raw', 'filter'] as const;
/** kubernetes/dns, cmd/node-cache/app/cache_app.go: the comment on each of its rules begins so. */
const COMMENT = 'NodeLocal DNS Cache';

/** The rules that NodeLocal DNSCache has put into a table of its node, as `iptables -S` prints them. */
async function rulesIn(node: IptablesHost, table: (typeof TABLES)[number]): Promise<readonly string[]> {
  const listed = (await node.iptables(['-t', table, '-S'])) ?? '';
  return listed.split('\n').filter((rule) => rule.includes(COMMENT) && rule.includes(` ${NODE_DNS}/32 `));
}

/** Are both ways past conntrack? */
export async function hasNodeLocalRules(node: IptablesHost): Promise<boolean> {
  const rules = await rulesIn(node, 'raw');
  return ['PREROUTING', 'OUTPUT'].every((chain) => rules.some((rule) => rule.startsWith(`-A ${chain} `)));
}

/** Deletes them: a program that is killed leaves them behind. @returns were there any? */
export async function deleteNodeLocalRules(node: IptablesHost): Promise<boolean> {
  let found = false;
  for (const table of TABLES) {
    const rules = await rulesIn(node, table);
    await node.deleteIptables(table, rules);
    found ||= rules.length > 0;
  }
  return found;
}

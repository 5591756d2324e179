import { NODE_DNS } from '../../../agent/network.ts';
import type { Host } from '../../../host/host.ts';

type IptablesHost = Pick<Host, 'iptables' | 'deleteIptables'>;

/**
 * In raw they exempt its packets from conntrack; in filter they accept these packets, which have no entry.
 */
const TABLES = ['raw', 'filter'] as const;
/** kubernetes/dns, cmd/node-cache/app/cache_app.go: prefix of the comment on each rule. */
const COMMENT = 'NodeLocal DNS Cache';

/** NodeLocal DNSCache's rules in a table of its node, as `iptables -S` prints them. */
async function rulesIn(node: IptablesHost, table: (typeof TABLES)[number]): Promise<readonly string[]> {
  const listed = (await node.iptables(['-t', table, '-S'])) ?? '';
  return listed.split('\n').filter((rule) => rule.includes(COMMENT) && rule.includes(` ${NODE_DNS}/32 `));
}

/** Whether both directions bypass conntrack. */
export async function hasNodeLocalRules(node: IptablesHost): Promise<boolean> {
  const rules = await rulesIn(node, 'raw');
  return ['PREROUTING', 'OUTPUT'].every((chain) => rules.some((rule) => rule.startsWith(`-A ${chain} `)));
}

/** Deletes them, which a killed NodeLocal DNSCache does not. @returns whether there were any */
export async function deleteNodeLocalRules(node: IptablesHost): Promise<boolean> {
  let found = false;
  for (const table of TABLES) {
    const rules = await rulesIn(node, table);
    await node.deleteIptables(table, rules);
    found ||= rules.length > 0;
  }
  return found;
}

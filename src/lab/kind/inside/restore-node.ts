import { LINK } from '../../../agent/node-dns-parts.ts';
import { putBack } from '../../../host/put-back.ts';
import type { NodeHost } from './node-host.ts';
import { NODE_JOURNAL, readNodeJournal, removeNodeJournal, setAside, type Journal } from './node-journal.ts';
import { messageOf } from '../../../util/error-text.ts';

/** What was restored on a node and what was not, one line each. */
export interface Restored {
  readonly done: readonly string[];
  readonly left: readonly string[];
}

/**
 * Restores a node from its journal: sysctls that have a value of the run's, tables, links, routes, entries.
 * Continues after failures.
 */
export async function restoreNode(host: NodeHost, path = NODE_JOURNAL): Promise<Restored> {
  const [done, left]: [string[], string[]] = [[], []];
  const attempt = async (work: () => unknown): Promise<void> => {
    try {
      const line = await work();
      if (typeof line === 'string') done.push(line);
    } catch (error) {
      left.push(messageOf(error).replaceAll(/\s*\n\s*/g, ': '));
    }
  };
  const journal = open(path, left);
  if (journal === undefined) return { done, left };
  for (const [name, noted] of Object.entries(journal.sysctls).toReversed())
    await attempt(() => putBackOurs(host, name, noted));
  await attempt(async () => {
    for (const table of await host.deleteOwnTables()) done.push(`the table ${table} is deleted`);
  });
  if (journal.links.includes(LINK))
    await attempt(
      async () => (await host.deleteNodeLocalRules()) && 'the rules of NodeLocal DNSCache are deleted',
    );
  for (const link of journal.links)
    await attempt(async () => (await host.deleteLink(link)) && `the link ${link} is deleted`);
  await attempt(host.flushOwnRoutes);
  await attempt(
    async () => (await host.restoreInvalidRule()) && 'kube-proxy’s rule against INVALID packets is in force',
  );
  await attempt(host.flushOwnEntries);
  removeNodeJournal(path);
  return { done, left };
}

/** An unreadable journal is set aside, and everything but sysctls and links restored without it. */
function open(path: string, left: string[]): Pick<Journal, 'sysctls' | 'links'> | undefined {
  try {
    return readNodeJournal(path);
  } catch (error) {
    left.push(`${messageOf(error)}: sysctls are as the run left them; it is kept as ${setAside(path)}`);
    return { sysctls: {}, links: [] };
  }
}

/** @returns what was done. @throws Error where the sysctl is left alone, or did not come back */
function putBackOurs(
  host: NodeHost,
  name: string,
  { before, set }: Journal['sysctls'][string],
): string | undefined {
  const now = host.readSysctl(name);
  if (now !== before && !set.includes(now))
    throw new Error(`${name} is ${now}, set by somebody else: left alone; it was ${before}`);
  const had = putBack(host, name, before);
  return had === before ? undefined : `${name} = ${before} (was ${had})`;
}

import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { execa } from 'execa';
import { z } from 'zod';
import { flushMark } from '../../../kernel/ctnetlink.ts';
import type { NetNamespace } from '../../../kernel/netns.ts';
import { deleteTables } from '../../../kernel/nft.ts';
import { readSysctl, writeSysctl } from '../../../kernel/sysctl.ts';
import { restoreInvalidRule } from '../../agent/invalid-rule.ts';
import { LINK } from '../../agent/node-dns-parts.ts';
import { BALLAST_MARK, DEMAND_MARK, KEEP_MARK } from '../../agent/packet-rules.ts';
import { deleteNodeLocalRules } from '../dns/node-local-rules.ts';

/** Shared by all agents of a node, whichever lives; the node's boot empties it. */
const FOLDER = '/run/tablefull';
const JOURNAL = `${FOLDER}/node.json`;

const journalSchema = z.strictObject({
  schema: z.literal('tablefull/node-journal/v1'),
  /** By name: what was there before the first change, and what was set last. */
  sysctls: z.record(z.string(), z.strictObject({ found: z.string(), set: z.string() })),
  /** Made by us, by name. */
  links: z.array(z.string()).default([]),
});
type Journal = z.infer<typeof journalSchema>;

/** What says of a route that an agent made it (rtm_protocol; nobody in /etc/iproute2/rt_protos). */
export const OWN_ROUTES = '237';
/** Tables that an agent makes are named so. */
const OWN_TABLES = /^tablefull/;

/** What an agent changes on its node, on disk before it is changed; its age is the lease. */
export class NodeJournal {
  #journal: Journal = { schema: 'tablefull/node-journal/v1', sysctls: {}, links: [] };

  /** From here on whoever finds the journal and no lease undoes what it tells of. */
  begin(): void {
    mkdirSync(FOLDER, { recursive: true });
    this.#write();
  }

  /** @param read the value that it has now */
  note(name: string, set: string, read: (name: string) => string): void {
    // The guardian has put the node back, and nobody would undo what comes after that.
    if (!existsSync(JOURNAL)) throw new Error('the run’s lease of this node is over');
    const found = this.#journal.sysctls[name]?.found ?? read(name);
    this.#journal.sysctls[name] = { found, set };
    this.#write();
  }

  noteLink(name: string): void {
    if (!this.#journal.links.includes(name)) this.#journal.links.push(name);
    this.#write();
  }

  renew(): void {
    utimesSync(JOURNAL, new Date(), new Date());
  }

  /** All that it tells of is undone. */
  end(): void {
    rmSync(JOURNAL, { force: true });
  }

  #write(): void {
    writeFileSync(JOURNAL, `${JSON.stringify(this.#journal)}\n`, { flush: true });
  }
}

/** Milliseconds since a run last renewed its lease of this node; undefined where there is no run. */
export function leaseAge(): number | undefined {
  const stat = statSync(JOURNAL, { throwIfNoEntry: false });
  return stat && Date.now() - stat.mtimeMs;
}

/**
 * Puts a node back as it was before the run whose journal lies there: its sysctls, where they are still what the run
 * set; its tables; its links; its routes; its entries.
 *
 * @returns what was done, and what was left alone, a line each
 */
export async function restoreNode(node: NetNamespace): Promise<readonly string[]> {
  const lines: string[] = [];
  const { sysctls, links } = journalSchema.parse(JSON.parse(readFileSync(JOURNAL, 'utf8')));
  for (const [name, { found, set }] of Object.entries(sysctls).toReversed()) {
    const now = node.within(() => readSysctl(name));
    if (now !== set && now !== found)
      lines.push(`${name} is ${now}, set by somebody else: left alone; it was ${found}`);
    else if (now !== found)
      lines.push(`${name} = ${node.within(() => writeSysctl(name, found))} (was ${now})`);
  }
  for (const table of await deleteTables(node, OWN_TABLES)) lines.push(`the table ${table} is deleted`);
  if (links.includes(LINK) && (await deleteNodeLocalRules(node)))
    lines.push('the rules of NodeLocal DNSCache are deleted');
  for (const link of links) {
    const { failed } = await node.within(() => execa('ip', ['link', 'del', link], { reject: false }));
    if (!failed) lines.push(`the link ${link} is deleted`);
  }
  await node.within(() => execa('ip', ['route', 'flush', 'proto', OWN_ROUTES]));
  if (await restoreInvalidRule(node)) lines.push('kube-proxy’s rule against INVALID packets is in force');
  for (const mark of [DEMAND_MARK, KEEP_MARK, BALLAST_MARK]) flushMark(node, mark);
  rmSync(JOURNAL, { force: true });
  return lines;
}

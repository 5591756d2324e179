import { execa } from 'execa';
import { z } from 'zod';
import type { NetNamespace } from './netns.ts';

/**
 * Loads rules into a namespace atomically.
 *
 * @throws Error with nft's first line
 */
export async function nft(namespace: NetNamespace, rules: string): Promise<void> {
  const result = await namespace.within(() => execa('nft', ['-f', '-'], { input: rules, reject: false }));
  if (!result.failed) return;
  const [why = ''] = result.stderr.split('\n');
  throw new Error(why === '' ? result.shortMessage : `nft: ${why}`);
}

const counterListSchema = z.object({
  nftables: z.array(z.object({ counter: z.object({ name: z.string(), packets: z.number() }).optional() })),
});

/** Packets counted by the named counters of one table. */
export async function readNftCounters(
  namespace: NetNamespace,
  table: string,
): Promise<Record<string, number>> {
  const { stdout } = await namespace.within(() =>
    execa('nft', ['-j', 'list', 'counters', 'table', 'ip', table]),
  );
  const { nftables } = counterListSchema.parse(JSON.parse(stdout));
  return Object.fromEntries(
    nftables.flatMap(({ counter }) => (counter ? [[counter.name, counter.packets]] : [])),
  );
}

/** The text of a table in the kernel. */
export async function nftTable(namespace: NetNamespace, table: string): Promise<string> {
  const { stdout } = await namespace.within(() => execa('nft', ['list', 'table', 'ip', table]));
  return stdout;
}

/** Whether the table exists. */
export async function hasNftTable(namespace: NetNamespace, table: string): Promise<boolean> {
  const result = await namespace.within(() =>
    execa('nft', ['list', 'table', 'ip', table], { reject: false }),
  );
  return !result.failed;
}

const tableListSchema = z.object({
  nftables: z.array(z.object({ table: z.object({ family: z.string(), name: z.string() }).optional() })),
});

/** Deletes the namespace's tables whose names match. @returns their names */
export async function deleteTables(namespace: NetNamespace, names: RegExp): Promise<readonly string[]> {
  const { stdout } = await namespace.within(() => execa('nft', ['-j', 'list', 'tables']));
  const tables = tableListSchema
    .parse(JSON.parse(stdout))
    .nftables.flatMap(({ table }) => (table !== undefined && names.test(table.name) ? [table] : []));
  if (tables.length > 0)
    await nft(namespace, tables.map(({ family, name }) => `delete table ${family} ${name}\n`).join(''));
  return tables.map(({ name }) => name);
}

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../../../util/write-whole.ts';

/** Shared by all agents of a node; a reboot of the node clears it. */
export const NODE_JOURNAL = '/run/tablefull/node.json';

const journalSchema = z.strictObject({
  schema: z.literal('tablefull/node-journal/v2'),
  /** By name: the value before the first change, and the values that were set: an undo sets an earlier one again. */
  sysctls: z.record(z.string(), z.strictObject({ before: z.string(), set: z.array(z.string()) })),
  /** Names of links that the agent made. */
  links: z.array(z.string()).default([]),
});
export type Journal = z.infer<typeof journalSchema>;

/**
 * An agent's changes on its node, on disk before they are made. The journal's age is the age of the lease.
 */
export class NodeJournal {
  readonly #path: string;
  #journal: Journal = { schema: 'tablefull/node-journal/v2', sysctls: {}, links: [] };

  constructor(path = NODE_JOURNAL) {
    this.#path = path;
  }

  /** From now on, whoever finds the journal without a lease undoes its changes. */
  begin(): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    this.#write();
  }

  /** @param read returns the current value */
  note(name: string, set: string, read: (name: string) => string): void {
    // The guardian has restored the node; nobody would undo later changes.
    if (!existsSync(this.#path)) throw new Error('the run’s lease of this node is over');
    const { before, set: earlier } = this.#journal.sysctls[name] ?? { before: read(name), set: [] };
    this.#journal.sysctls[name] = { before, set: [...new Set([...earlier, set])] };
    this.#write();
  }

  /** Forgets a sysctl that is back at its first value: later changes are not the run's. */
  settle(name: string, value: string): void {
    if (this.#journal.sysctls[name]?.before !== value) return;
    const { [name]: _, ...others } = this.#journal.sysctls;
    this.#journal.sysctls = others;
    this.#write();
  }

  noteLink(name: string): void {
    if (!this.#journal.links.includes(name)) this.#journal.links.push(name);
    this.#write();
  }

  renew(): void {
    utimesSync(this.#path, new Date(), new Date());
  }

  /** Atomic: the guardian may read it at any time, even when the writer is killed. */
  #write(): void {
    writeWhole(this.#path, `${JSON.stringify(this.#journal)}\n`);
  }
}

/** @returns undefined where there is none. @throws Error in one line where it is invalid */
export function readNodeJournal(path: string): Journal | undefined {
  try {
    return journalSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    const [why = ''] = (error instanceof z.ZodError ? z.prettifyError(error) : String(error)).split('\n');
    throw new Error(`${path} is not a journal of this version (${why})`, { cause: error });
  }
}

/** Moves it out of the guardian's way. @returns its new path */
export function setAside(path: string): string {
  const aside = `${path}.unreadable`;
  renameSync(path, aside);
  return aside;
}

export function removeNodeJournal(path: string): void {
  rmSync(path, { force: true });
}

/** Milliseconds since the node's lease was renewed; undefined without a run. */
export function leaseAge(path = NODE_JOURNAL): number | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && Date.now() - stat.mtimeMs;
}

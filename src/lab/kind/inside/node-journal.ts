import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../../../util/write-whole.ts';

/** Shared by all agents of a node, whichever lives; the node's boot empties it. */
export const NODE_JOURNAL = '/run/tablefull/node.json';

const journalSchema = z.strictObject({
  schema: z.literal('tablefull/node-journal/v1'),
  /** By name: what was there before the first change, and what was set last. */
  sysctls: z.record(z.string(), z.strictObject({ found: z.string(), set: z.string() })),
  /** Made by us, by name. */
  links: z.array(z.string()).default([]),
});
export type Journal = z.infer<typeof journalSchema>;

/** What an agent changes on its node, on disk before it is changed; its age is the lease. */
export class NodeJournal {
  readonly #path: string;
  #journal: Journal = { schema: 'tablefull/node-journal/v1', sysctls: {}, links: [] };

  constructor(path = NODE_JOURNAL) {
    this.#path = path;
  }

  /** From here on whoever finds the journal and no lease undoes what it tells of. */
  begin(): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    this.#write();
  }

  /** @param read the value that it has now */
  note(name: string, set: string, read: (name: string) => string): void {
    // The guardian has put the node back, and nobody would undo what comes after that.
    if (!existsSync(this.#path)) throw new Error('the run’s lease of this node is over');
    const found = this.#journal.sysctls[name]?.found ?? read(name);
    this.#journal.sysctls[name] = { found, set };
    this.#write();
  }

  /** A sysctl reads as it did before the first change: whoever sets it from now on, it is not the run. */
  settle(name: string, value: string): void {
    if (this.#journal.sysctls[name]?.found !== value) return;
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

  /** In one step: the guardian may read it at any time, also while its writer is killed. */
  #write(): void {
    writeWhole(this.#path, `${JSON.stringify(this.#journal)}\n`);
  }
}

/** @returns undefined where there is none. @throws Error in one line where it can't be read as one */
export function readNodeJournal(path: string): Journal | undefined {
  try {
    return journalSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    const [why = ''] = (error instanceof z.ZodError ? z.prettifyError(error) : String(error)).split('\n');
    throw new Error(`${path} is not a journal of this version (${why})`, { cause: error });
  }
}

/** @returns where it is kept, out of the guardian's way */
export function setAside(path: string): string {
  const aside = `${path}.unreadable`;
  renameSync(path, aside);
  return aside;
}

export function removeNodeJournal(path: string): void {
  rmSync(path, { force: true });
}

/** Milliseconds since a run last renewed its lease of this node; undefined where there is no run. */
export function leaseAge(path = NODE_JOURNAL): number | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && Date.now() - stat.mtimeMs;
}

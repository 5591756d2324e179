import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../util/make-folder.ts';
import { ownerSchema } from './owner.ts';
import { GLOBAL_SYSCTLS, sysctlName } from './sysctls.ts';
import { draftOf, writeWhole } from '../util/write-whole.ts';
import { explain } from '../util/error-text.ts';

/** On a file system that a reboot clears, like the sysctls. */
export const JOURNAL_PATH = '/run/tablefull/journal.json';

const entrySchema = z.strictObject({
  what: z.literal('sysctl'),
  name: z.enum(GLOBAL_SYSCTLS),
  /** The value before the first change. */
  before: z.number().int().nonnegative(),
  /** The value read back after the last change. Null from before a change until then, and while delegated. */
  set: z.number().int().nonnegative().nullable(),
});

export const journalSchema = z.strictObject({
  schema: z.literal('tablefull/journal/v2'),
  boot: z.string().min(1),
  /** The watchdog that makes the changes. */
  owner: ownerSchema,
  /** In the order of the changes; undone in reverse. */
  entries: z.array(entrySchema),
});

export type JournalEntry = z.infer<typeof entrySchema>;
export type Journal = z.infer<typeof journalSchema>;

/**
 * @returns the journal at this path, or undefined where there is none
 * @throws Error in one line with the path and the fix, where it is not a journal
 */
export function readJournal(path: string): Journal | undefined {
  try {
    return journalSchema.parse(JSON.parse(textOf(path)));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    const reason =
      error instanceof z.ZodError ? describe(error) : error instanceof NoFile ? error.message : String(error);
    throw new Error(
      `${path} is not a journal of this version (${reason}): compare ` +
        `${GLOBAL_SYSCTLS.map(sysctlName).join(' and ')} with what the machine should have, then delete the file`,
      { cause: error },
    );
  }
}

class NoFile extends Error {}

/**
 * Reads only regular files: a FIFO never answers, and a device may never end.
 *
 * @throws the system's error, or NoFile
 */
function textOf(path: string): string {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(fd).isFile()) throw new NoFile('it is not a regular file');
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

/**
 * Replaces the journal. On return it survives the death of every process.
 *
 * @throws Error in one line with the path and the fix; the journal is then unchanged
 */
export function writeJournal(path: string, journal: Journal): void {
  try {
    makeFolder(dirname(path));
    writeWhole(path, `${JSON.stringify(journal, undefined, 2)}\n`);
  } catch (error) {
    throw new Error(`can’t write ${path}: ${explain(error)}; make its folder writable`, { cause: error });
  }
}

/** Errors on which the folder may stay. */
const STAYS: readonly unknown[] = ['ENOTEMPTY', 'ENOENT', 'EROFS'];

/** Removes the journal, and its folder if empty. @throws Error in one line with the path */
export function removeJournal(path: string): void {
  if (!existsSync(dirname(path))) return;
  try {
    rmSync(path, { force: true });
    rmSync(draftOf(path), { force: true });
  } catch (error) {
    throw new Error(`${path} can’t be removed (${explain(error)}): delete it`, { cause: error });
  }
  try {
    rmdirSync(dirname(path));
  } catch (error) {
    if (!STAYS.includes((error as NodeJS.ErrnoException).code)) throw error;
  }
}

function describe(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'document'}: ${issue.message}`).join('; ');
}

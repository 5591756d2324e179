import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { explain } from './explain.ts';

/**
 * Replaces a file atomically: readers never see half of it, and a full disk keeps the old one.
 *
 * @throws Error in one line naming the file
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await writeFile(draft, text, { flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw new Error(`can't write ${path}: ${explain(error)}`, { cause: error });
  }
}

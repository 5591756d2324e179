import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { giveToCaller } from './sudo-owner.ts';
import { explain } from './error-text.ts';

/**
 * Replaces a file atomically: readers never see half of it, and a full disk keeps the old one. Under sudo
 * it belongs to the user whose folder it is in.
 *
 * @param mode of the new file, before the umask
 * @throws Error in one line naming the file
 */
export async function replaceFile(
  path: string,
  text: string,
  env: Readonly<NodeJS.ProcessEnv> = process.env,
  mode = 0o666,
): Promise<void> {
  const draft = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await write(draft, text, env, mode);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw new Error(`can't write ${path}: ${explain(error)}`, { cause: error });
  }
}

async function write(
  path: string,
  text: string,
  env: Readonly<NodeJS.ProcessEnv>,
  mode: number,
): Promise<void> {
  await using file = await open(path, 'wx', mode);
  await file.writeFile(text);
  giveToCaller(file.fd, path, env);
}

import { fchownSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Under sudo, gives a new file or folder inside a user's folder to that user, so that later runs without sudo
 * can replace or delete it. Elsewhere it stays root's.
 *
 * @param fd open on what is at `path`: the path may be replaced meanwhile
 */
export function giveToCaller(
  fd: number,
  path: string,
  { SUDO_UID, SUDO_GID }: Readonly<NodeJS.ProcessEnv> = process.env,
): void {
  if (process.geteuid?.() !== 0 || SUDO_UID === undefined || SUDO_GID === undefined) return;
  if (String(statSync(dirname(path)).uid) !== SUDO_UID) return;
  fchownSync(fd, Number(SUDO_UID), Number(SUDO_GID));
}

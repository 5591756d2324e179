import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Where daemons are, which a user's PATH leaves out. */
const DAEMONS = ['/usr/sbin', '/usr/local/sbin'];

/** Where a program is that a user or root could start; undefined where there is none. */
export function findProgram(name: string, path = ''): string | undefined {
  const folders = [...path.split(':').filter((folder) => folder !== ''), ...DAEMONS];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

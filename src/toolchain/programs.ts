import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Folders of daemons, which a user's PATH often lacks. */
const DAEMONS = ['/usr/sbin', '/usr/local/sbin'];

/** The user's cache folder for built programs. */
export function cacheFolder({ XDG_CACHE_HOME, HOME }: Readonly<NodeJS.ProcessEnv>): string {
  return join(XDG_CACHE_HOME ?? join(HOME ?? '', '.cache'), 'tablefull');
}

/** The path of a program; undefined where it is not installed. */
export function findProgram(name: string, path = ''): string | undefined {
  const folders = [...path.split(':').filter((folder) => folder !== ''), ...DAEMONS];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** Whether a program is installed. */
export type Finder = (program: string) => boolean;

/** Searches the path like execvp(3), and nothing else. */
export function finder(path: string): Finder {
  const folders = path.split(':').filter((folder) => folder !== '');
  return (program) => folders.some((folder) => isExecutable(join(folder, program)));
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

import { Unavailable } from '../run/stops.ts';
import { makeFolder } from '../util/make-folder.ts';
import { oneLine } from '../util/error-text.ts';

/** Makes the folder that `--out` names, or a new one. @throws Unavailable in one line with the fix */
export function makeOutFolder(path: string): void {
  try {
    makeFolder(path);
  } catch (error) {
    throw new Unavailable(`can't create ${path}: ${oneLine(error)}; give a folder with --out`, {
      cause: error,
    });
  }
}

import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { recordedIn } from '../../compare/recorded.ts';
import { HISTORY_FILE, readHistory } from '../../history/store.ts';
import type { History } from '../../schema/history.ts';
import { refuse, UsageError } from '../exit-codes.ts';
import { typedHere } from '../npm/npm-script.ts';
import type { Io } from '../verb-context.ts';

/** Names in a message about a folder with several runs: a matrix may have hundreds. */
const NAMED = 5;

/**
 * The history in a folder that the user named.
 *
 * @param verb the command that wants it
 * @throws UsageError in one line; names some of the runs and the command where the folder holds several, as a matrix’ does
 */
export async function readRun(folder: string, verb: string, io: Pick<Io, 'env'>): Promise<History> {
  if (!existsSync(join(folder, HISTORY_FILE))) {
    const [first, ...others] = runsBelow(folder);
    if (first !== undefined) {
      const more =
        others.length === 0 ? '' : `; beside it are ${someOf(others.map((path) => basename(path)))}`;
      throw new UsageError(`${folder} is not one run; type: ${typedHere(io, verb, first)}${more}`);
    }
  }
  return await readHistory(folder).catch(refuse);
}

function someOf(names: readonly string[]): string {
  const rest = names.length - NAMED;
  const shown = names.slice(0, NAMED).join(', ');
  return rest > 0 ? `${shown} and ${String(rest)} more` : shown;
}

/** A matrix and a suite have their runs in `runs`, repeats have theirs in the folder itself. By name. */
function runsBelow(folder: string): readonly string[] {
  const parent = [join(folder, 'runs'), folder].find((each) => existsSync(each));
  if (parent === undefined) return [];
  try {
    return recordedIn(parent)
      .filter(({ kind }) => kind === 'run')
      .map((run) => run.folder)
      .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  } catch {
    // Not a folder, or not ours to read: reading the history reports it.
    return [];
  }
}

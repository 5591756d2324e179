import { recordedIn } from '../../compare/recorded.ts';
import { RUNS } from '../../history/store.ts';
import { painter } from '../../report/layout.ts';
import { runList } from '../../report/run-list.ts';
import { EXIT, UsageError } from '../exit-codes.ts';
import { print, printJson, printPainted, type Io } from '../verb-context.ts';
import { explain } from '../../util/error-text.ts';

/** `runs [FOLDER]`: lists recorded runs, suites and matrices, the newest first. @returns the exit code */
export function runsVerb(named: string | undefined, { json }: { readonly json: boolean }, io: Io): number {
  const folder = named ?? RUNS;
  const all = listed(folder);
  if (json) printJson(io, { schema: 'tablefull/runs/v1', runs: all });
  else if (all.length === 0) print(io, `${folder} has no run yet: \`tablefull run saturate\` makes one`);
  else printPainted(io, runList(all, painter(io.stdout)));
  return EXIT.ok;
}

/** None where nothing was ever run here. @throws UsageError where the user's folder can't be read */
function listed(folder: string): ReturnType<typeof recordedIn> {
  try {
    return recordedIn(folder);
  } catch (error) {
    if (folder === RUNS && (error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new UsageError(`${folder}: ${explain(error)}; name a folder with runs`, { cause: error });
  }
}

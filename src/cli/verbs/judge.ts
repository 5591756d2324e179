import { judge } from '../../judge/judge.ts';
import { jsonReporter } from '../../report/json.ts';
import { extrasOf } from '../../run/reporter.ts';
import { terminalReporter } from '../../report/terminal.ts';
import { readHistory } from '../../history/store.ts';
import type { Io } from '../world.ts';
import { refuse } from '../exit-codes.ts';

/** `judge RUN`: judges a recorded run again; writes nothing. @returns the exit code of the verdict */
export async function judgeVerb(
  run: string,
  { json, figures }: { readonly json: boolean; readonly figures: boolean },
  world: Io,
): Promise<number> {
  const history = await readHistory(run).catch(refuse);
  const verdict = judge(history, run);
  const { stdout, stderr } = world;
  const reporter = json ? jsonReporter(stdout) : terminalReporter({ stdout, stderr, quiet: true, figures });
  await reporter.end?.(verdict, extrasOf(history));
  return verdict.outcome.exitCode;
}

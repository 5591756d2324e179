import { judge } from '../../judge/judge.ts';
import { jsonReporter } from '../../report/json.ts';
import { extrasOf } from '../../run/reporter.ts';
import { terminalReporter } from '../../report/terminal.ts';
import { readRun } from '../request/recorded-run.ts';
import type { Io } from '../verb-context.ts';

/** `judge RUN`: judges a recorded run again; writes nothing. @returns the exit code of the verdict */
export async function judgeVerb(
  run: string,
  { json, figures }: { readonly json: boolean; readonly figures: boolean },
  context: Io,
): Promise<number> {
  const history = await readRun(run, 'judge', context);
  const verdict = judge(history, run);
  const { stdout } = context;
  const reporter = json ? jsonReporter(stdout) : terminalReporter(stdout, figures);
  await reporter.end?.(verdict, extrasOf(history));
  return verdict.outcome.exitCode;
}

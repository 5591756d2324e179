import { isGood } from '../../schema/result.ts';
import { resultsOf } from '../../judge/results.ts';
import type { Outcome } from '../../schema/outcome.ts';
import type { Result, Suite, SuiteRunResult } from '../../schema/suite.ts';
import type { Verdict } from '../../schema/verdict.ts';
import type { Annotation, Level } from './commands.ts';

interface Where {
  readonly file?: string;
  readonly line?: number;
}

/** Annotations on the lines of a suite that do not hold. @param file the suite file, as GitHub knows it */
export function suiteAnnotations({ runs, restore, exitCode }: Suite, file: string): readonly Annotation[] {
  return [...leftBehind(restore.left), ...runs.flatMap((run) => runAnnotations(run, file, exitCode))];
}

function runAnnotations(
  { name, line, outcome, results }: SuiteRunResult,
  file: string,
  exitCode: number,
): readonly Annotation[] {
  const odd = results.flatMap((result) => oddResult(name, result, { file, line: result.line }, exitCode));
  return odd.length > 0 ? odd : badOutcome(name, outcome, { file, line }, exitCode);
}

/** Annotations of one run. @param file the scenario file, if it is one */
export function verdictAnnotations(
  verdict: Verdict,
  file: string | undefined,
  exitCode: number,
): readonly Annotation[] {
  const { scenario, outcome, restore } = verdict;
  const where = file === undefined ? {} : { file, line: 1 };
  const odd = resultsOf(verdict).flatMap((result) => oddResult(scenario, result, where, exitCode));
  const other = odd.length > 0 ? [] : badOutcome(scenario, outcome, where, exitCode);
  return [...leftBehind(restore.left), ...odd, ...other];
}

function oddResult(
  run: string,
  { name, about, status, expected, reason, result }: Result,
  where: Where,
  exitCode: number,
): readonly Annotation[] {
  if (isGood(result)) return [];
  const is = expected === 'met' ? `${name}: ${status}` : `${about} ${status}, expected ${expected}`;
  const level = result === 'failed' ? 'error' : unclear(exitCode);
  return [{ level, title: run, message: `${is}: ${reason}`, ...where }];
}

function badOutcome(
  run: string,
  { headline, summary }: Outcome,
  where: Where,
  exitCode: number,
): readonly Annotation[] {
  if (headline === 'PASSED') return [];
  const level = headline === 'INCONCLUSIVE' ? unclear(exitCode) : 'error';
  return [{ level, title: run, message: `${headline}: ${summary}`, ...where }];
}

/** What is inconclusive fails nothing where the command ends well. */
function unclear(exitCode: number): Level {
  return exitCode === 0 ? 'warning' : 'error';
}

function leftBehind(left: readonly string[]): readonly Annotation[] {
  return left.map((what) => ({
    level: 'error',
    title: 'NOT RESTORED',
    message: `${what}; run: \`tablefull restore\``,
  }));
}

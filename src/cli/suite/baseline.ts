import { readSide } from '../../compare/read-side.ts';
import { comparisonScreen } from '../../report/comparison.ts';
import { painter } from '../../report/layout.ts';
import type { Comparison } from '../../schema/comparison.ts';
import { UsageError } from '../exit-codes.ts';
import { compared } from '../verbs/compare.ts';
import { printPainted, say, type VerbContext } from '../verb-context.ts';
import { oneLine } from '../../util/error-text.ts';

/** The exit code where a verdict is another one than in the baseline. */
const CHANGED = 1;

/** Checks before anything is run that there is a baseline. @throws UsageError */
export function checkBaseline(baseline: string | undefined): void {
  if (baseline === undefined) return;
  try {
    readSide(baseline);
  } catch (error) {
    throw new UsageError(`--baseline ${oneLine(error)}`, { cause: error });
  }
}

/**
 * Compares the results with the baseline, where there is one, and prints what changed.
 *
 * @param code the exit code without it
 * @returns the exit code: a changed verdict fails what else passed
 * @throws UsageError where what passed shares nothing with the baseline
 */
export function againstBaseline(
  baseline: string | undefined,
  folder: string,
  { code, json }: { readonly code: number; readonly json: boolean },
  context: VerbContext,
): number {
  if (baseline === undefined) return code;
  const comparison = comparedAfter(code, baseline, folder, context);
  if (comparison === undefined) return code;
  // On stdout there is one document with --json.
  const { stdout, stderr } = context;
  const screen = json ? stderr : stdout;
  const text = comparisonScreen(comparison, screen.columns ?? 80, painter(screen));
  if (json) say(context, text);
  else printPainted(context, `\n${text}`);
  return code === 0 && comparison.verdicts.length > 0 ? CHANGED : code;
}

/** What did not pass has little to compare, or nothing: why it did not pass says more than that. */
function comparedAfter(
  code: number,
  baseline: string,
  folder: string,
  context: VerbContext,
): Comparison | undefined {
  try {
    return compared(baseline, folder);
  } catch (error) {
    if (code === 0) throw error;
    say(context, `--baseline: ${oneLine(error)}`);
    return undefined;
  }
}

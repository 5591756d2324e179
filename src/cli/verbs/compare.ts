import { compare } from '../../compare/compare.ts';
import { readSide } from '../../compare/read-side.ts';
import { comparisonMarkdown, comparisonScreen } from '../../report/comparison.ts';
import { painter } from '../../report/layout.ts';
import { linksFrom } from '../../report/report-links.ts';
import type { Comparison } from '../../schema/comparison.ts';
import { replaceFile } from '../../util/replace-file.ts';
import { jsonText } from '../../util/printable.ts';
import { EXIT, refuse, usage, UsageError } from '../exit-codes.ts';
import type { CompareOptions } from '../options/compare-options.ts';
import { print, printPainted, type Io } from '../verb-context.ts';

/** The exit code where verdicts changed. */
const CHANGED = 1;

/** `compare A B`: what changed from one folder to the other. @returns 1 where verdicts changed */
export async function compareVerb(
  [a, b]: readonly [string, string],
  { format, out }: CompareOptions,
  io: Io,
): Promise<number> {
  const comparison = compared(a, b);
  if (format === 'terminal' && out === undefined)
    printPainted(io, comparisonScreen(comparison, io.stdout.columns ?? 80, painter(io.stdout)));
  else {
    const text = await textOf(comparison, format, out);
    if (out === undefined) print(io, text.trimEnd());
    else await written(out, text);
  }
  return comparison.verdicts.length > 0 ? CHANGED : EXIT.ok;
}

/** @throws UsageError where a side can't be read, or they share nothing */
export function compared(a: string, b: string): Comparison {
  const comparison = usage(() => compare(readSide(a), readSide(b)));
  if (comparison.compared > 0) return comparison;
  throw new UsageError(`${a} and ${b} share no result; compare runs of one scenario, or suites or matrices`);
}

/** @param out where it will be; undefined: stdout, from where a page links nowhere */
async function textOf(
  comparison: Comparison,
  format: CompareOptions['format'],
  out: string | undefined,
): Promise<string> {
  switch (format) {
    case 'json':
      return `${jsonText(comparison)}\n`;
    case 'markdown':
      return comparisonMarkdown(comparison);
    case 'html': {
      const { comparisonPage } = await import('../../report/html/comparison-page.ts');
      return comparisonPage(comparison, out === undefined ? undefined : linksFrom(out));
    }
    case 'terminal':
      return `${comparisonScreen(comparison, 80, (_, text) => text)}\n`;
  }
}

async function written(out: string, text: string): Promise<void> {
  await replaceFile(out, text).catch(refuse);
}

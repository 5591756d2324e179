import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MATRIX_FILE, readMatrix } from '../../matrix/read.ts';
import { REPORT_FILE } from '../../report/html-report.ts';
import type { Telling } from '../../report/matrix-markdown.ts';
import { suiteReport } from '../../report/suite-report.ts';
import { Unavailable } from '../../run/stops.ts';
import { readResults, SUITE_FILE } from '../../suite/read.ts';
import { replaceFile } from '../../util/replace-file.ts';
import { refuse, usage, UsageError } from '../exit-codes.ts';
import { readRun } from '../request/recorded-run.ts';
import { tellingOf } from '../matrix/telling.ts';
import { print, say, type VerbContext } from '../verb-context.ts';
import { oneLine } from '../../util/error-text.ts';

interface ReportOptions {
  readonly format: 'html' | 'md';
  readonly out?: string;
}

/**
 * `report RUN…`: draws `report.html` of runs, suites and matrices again, each in its own folder; several matrices
 * become one page. As Markdown it prints. @returns the exit code
 */
export async function reportVerb(
  paths: readonly string[],
  { format, out }: ReportOptions,
  context: VerbContext,
): Promise<number> {
  const matrices = paths.filter(isMatrix);
  const suites = paths.filter(isSuite);
  const runs = paths.filter((path) => !isMatrix(path) && !isSuite(path));
  const pages = runs.length + suites.length + Math.min(1, matrices.length);
  if (out !== undefined && pages > 1)
    throw new UsageError(`--out takes one report, but these are ${String(pages)}: leave it out`);
  if (matrices.length > 1 && out === undefined && format === 'html')
    throw new UsageError('several matrices become one page: name it with --out');
  if (format === 'md' && matrices.length > 0)
    throw new UsageError(`a matrix has its Markdown already: ${join(matrices[0] ?? '', 'matrix.md')}`);
  if (format === 'md' && suites.length > 0)
    throw new UsageError(`a suite has no Markdown: name its runs, in ${join(suites[0] ?? '', 'runs')}`);
  for (const run of runs)
    await deliver(await drawRun(run, format, context), pathFor(run, format, out), context);
  for (const suite of suites) {
    const path = out ?? join(suite, REPORT_FILE);
    const results = usage(() => readResults(suite));
    await deliver(await suiteReport(results, suite, path), path, context);
  }
  if (matrices.length > 0) {
    const path = out ?? join(folderOf(matrices[0] ?? ''), REPORT_FILE);
    await deliver(await drawMatrices(matrices, path, tellingOf(context)), path, context);
  }
  return 0;
}

function isMatrix(path: string): boolean {
  return path.endsWith('.json') || existsSync(join(path, MATRIX_FILE));
}

function isSuite(path: string): boolean {
  return existsSync(join(path, SUITE_FILE));
}

function folderOf(matrix: string): string {
  return matrix.endsWith('.json') ? dirname(matrix) : matrix;
}

/** Undefined: to stdout. */
function pathFor(run: string, format: ReportOptions['format'], out: string | undefined): string | undefined {
  return out ?? (format === 'html' ? join(run, REPORT_FILE) : undefined);
}

async function drawRun(run: string, format: ReportOptions['format'], context: VerbContext): Promise<string> {
  const history = await readRun(run, 'report', context);
  if (format === 'md') {
    const { runMarkdown } = await import('../../report/run-markdown.ts');
    return runMarkdown(history, run);
  }
  const { runPage } = await import('../../report/html/run-page.ts');
  return runPage(history, run);
}

async function drawMatrices(paths: readonly string[], page: string, telling: Telling): Promise<string> {
  const matrices = await Promise.all(paths.map(readMatrix)).catch(refuse);
  const { matricesPage } = await import('../../report/matrix-report.ts');
  const shown = matrices.map((matrix, i) => ({ matrix, folder: folderOf(paths[i] ?? '') }));
  return matricesPage(shown, page, telling);
}

async function deliver(text: string, path: string | undefined, context: VerbContext): Promise<void> {
  if (path === undefined) {
    print(context, text.trimEnd());
    return;
  }
  await replaceFile(path, text).catch((error: unknown) => {
    throw new Unavailable(`${oneLine(error)}; give a file with --out`, { cause: error });
  });
  say(context, path);
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readHistory } from '../history/store.ts';
import type { Matrix } from '../schema/matrix.ts';
import { replaceFile } from '../util/replace-file.ts';
import { REPORT_FILE } from './html-report.ts';
import type { Telling } from './matrix-markdown.ts';
import { linksFrom } from './report-links.ts';

interface Finished {
  readonly folder: string;
  readonly matrix: Matrix;
  readonly telling: Telling;
  /** Aborted: the pages of runs that are not drawn yet are left out. */
  readonly signal: AbortSignal;
}

/**
 * Writes the pages of a finished matrix and of its runs. `tablefull report RUN` draws one that is missing.
 *
 * @throws Error in one line naming the file
 */
export async function drawMatrix({ folder, matrix, telling, signal }: Finished): Promise<void> {
  const { runPage } = await import('./html/run-page.ts');
  for (const run of new Set(matrix.cells.flatMap((cell) => cell.run ?? []))) {
    const path = join(folder, run);
    if (signal.aborted || existsSync(join(path, REPORT_FILE))) continue;
    await replaceFile(join(path, REPORT_FILE), runPage(await readHistory(path), path));
  }
  const page = join(folder, REPORT_FILE);
  await replaceFile(page, await matricesPage([{ matrix, folder }], page, telling));
}

/**
 * The page of one or several matrices, with links to the pages of their runs.
 *
 * @param page where it will be: links are relative to it
 */
export async function matricesPage(
  matrices: readonly { readonly matrix: Matrix; readonly folder: string }[],
  page: string,
  telling: Telling,
): Promise<string> {
  const { matrixPage, nameOf } = await import('./html/matrix-page.ts');
  const link = linksFrom(page);
  const shown = matrices.map(({ matrix, folder }) => ({
    matrix,
    name: nameOf(matrix),
    link: (run: string) => link(join(folder, run)),
  }));
  return matrixPage(shown, telling);
}

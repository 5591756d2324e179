import { join } from 'node:path';
import type { Suite } from '../schema/suite.ts';
import { linksFrom } from './report-links.ts';

/**
 * The page of a suite, with links to the pages of its runs.
 *
 * @param folder the suite’s
 * @param page where it will be: links are relative to it
 */
export async function suiteReport(suite: Suite, folder: string, page: string): Promise<string> {
  // Loaded when nothing is measured any more.
  const { suitePage } = await import('./html/suite-page.ts');
  const link = linksFrom(page);
  return suitePage(suite, (run) => link(join(folder, run)));
}

import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { REPORT_FILE } from './html-report.ts';

/**
 * Links from a page to the reports in other folders; undefined where a folder has none.
 *
 * @param page where the page will be: links are relative to it
 */
export function linksFrom(page: string): (folder: string) => string | undefined {
  return (folder) => {
    const report = join(folder, REPORT_FILE);
    // With `./` no folder’s name is a scheme.
    return existsSync(report) ? `./${encodeURI(relative(dirname(page), report))}` : undefined;
  };
}

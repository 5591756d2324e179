import { join } from 'node:path';
import type { Reporter } from '../run/reporter.ts';
import { htmlReporter } from './html-report.ts';
import { junitReporter } from './junit.ts';

/** What is written of a run into its folder, around what is shown of it. The page is there before the verdict names it. */
export function runReporters(folder: string, shown: Reporter): readonly Reporter[] {
  return [htmlReporter(folder), shown, junitReporter(join(folder, 'junit.xml'))];
}

import { join } from 'node:path';
import type { HistoryEvent } from '../schema/history.ts';
import type { Reporter } from '../run/reporter.ts';
import { replaceFile } from '../util/replace-file.ts';

export const REPORT_FILE = 'report.html';

/** Writes `report.html` at the end of a run. @param folder the run’s folder; it must exist */
export function htmlReporter(folder: string): Reporter {
  const history: HistoryEvent[] = [];
  return {
    event(event) {
      history.push(event);
    },
    async end(verdict) {
      // Loaded when nothing is measured any more.
      const { runPage } = await import('./html/run-page.ts');
      await replaceFile(join(folder, REPORT_FILE), runPage(history, folder, verdict));
    },
  };
}

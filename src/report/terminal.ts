import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { printable, printableLine, printableText } from '../util/printable.ts';
import { REPORT_FILE } from './html-report.ts';
import { painter } from './layout.ts';
import { asTyped } from './rerun.ts';
import type { Screen } from './progress.ts';
import type { Reporter, Talker } from '../run/reporter.ts';
import { verdictScreen } from './screen.ts';

/** Prints the verdict on one screen. @param figures print all figures with it */
export function terminalReporter(stdout: Screen, figures = false): Reporter {
  return {
    end(verdict, extras) {
      const { script } = extras.header;
      const report = join(verdict.run, REPORT_FILE);
      const options = {
        columns: stdout.columns ?? 80,
        paint: painter(stdout),
        figures,
        ...(existsSync(report) && { report: printableLine(report) }),
      };
      stdout.write(verdictScreen(asTyped(script, printable(verdict)), printable(extras), options));
    },
  };
}

/** Prints only explicit lines. */
export function silentReporter(stderr: Screen): Talker {
  return {
    talk(line) {
      stderr.write(`${printableText(line)}\n`);
    },
  };
}

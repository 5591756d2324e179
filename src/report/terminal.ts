import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { printable, printableLine, printableText } from '../util/printable.ts';
import { REPORT_FILE } from './html-report.ts';
import { painter } from './layout.ts';
import { asTyped } from './rerun.ts';
import { progressReporter, type Screen } from './progress.ts';
import type { Talker } from '../run/reporter.ts';
import { verdictScreen } from './screen.ts';

interface TerminalOptions {
  /** Receives the verdict. */
  readonly stdout: Screen;
  /** Receives progress. */
  readonly stderr: Screen;
  /** Print the verdict only. */
  readonly quiet: boolean;
  /** Print all figures with the verdict. */
  readonly figures?: boolean;
  /** Show every change and the beginning of each phase, too. */
  readonly verbose?: boolean;
}

/** Shows progress, then the verdict on one screen. */
export function terminalReporter({
  stdout,
  stderr,
  quiet,
  figures = false,
  verbose = false,
}: TerminalOptions): Talker {
  const progress = quiet ? silentReporter(stderr) : progressReporter(stderr, { verbose });
  return {
    ...progress,
    async end(verdict, extras) {
      await progress.end?.(verdict, extras);
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

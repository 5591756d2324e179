import { printable, printableText } from '../util/printable.ts';
import { painter } from './layout.ts';
import { progressReporter, type Screen } from './progress.ts';
import type { Talker } from '../run/reporter.ts';
import { verdictScreen } from './screen.ts';

export interface TerminalOptions {
  /** Receives the verdict. */
  readonly stdout: Screen;
  /** Receives progress. */
  readonly stderr: Screen;
  /** Print the verdict only. */
  readonly quiet: boolean;
  /** Print all figures with the verdict. */
  readonly figures?: boolean;
}

/** Shows progress, then the verdict on one screen. */
export function terminalReporter({ stdout, stderr, quiet, figures = false }: TerminalOptions): Talker {
  const progress = quiet ? silentReporter(stderr) : progressReporter(stderr);
  return {
    ...progress,
    async end(verdict, extras) {
      await progress.end?.(verdict, extras);
      const options = { columns: stdout.columns ?? 80, paint: painter(stdout), figures };
      stdout.write(verdictScreen(printable(verdict), printable(extras), options));
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

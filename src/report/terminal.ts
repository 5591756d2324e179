import { printable, printableText } from '../util/printable.ts';
import { painter } from './layout.ts';
import { progressReporter, type Screen } from './progress.ts';
import type { Talker } from '../run/reporter.ts';
import { verdictScreen } from './screen.ts';

export interface TerminalOptions {
  /** The verdict goes here. */
  readonly stdout: Screen;
  /** Progress goes here: talk is not data. */
  readonly stderr: Screen;
  /** The verdict only. */
  readonly quiet: boolean;
}

/** For a person: progress while the run goes, then the verdict on one screen. */
export function terminalReporter({ stdout, stderr, quiet }: TerminalOptions): Talker {
  const progress = quiet ? silentReporter(stderr) : progressReporter(stderr);
  return {
    ...progress,
    async end(verdict, extras) {
      await progress.end?.(verdict, extras);
      const columns = stdout.columns ?? 80;
      stdout.write(verdictScreen(printable(verdict), printable(extras), columns, painter(stdout)));
    },
  };
}

/** Says only what it is told to say. */
export function silentReporter(stderr: Screen): Talker {
  return {
    talk(line) {
      stderr.write(`${printableText(line)}\n`);
    },
  };
}

import { Run } from '../history/run.ts';
import { kernelLines, type KernelLines } from '../judge/kernel-lines.ts';
import type { History, HistoryEvent } from '../schema/history.ts';
import type { Verdict } from '../schema/verdict.ts';
import { messageOf } from '../util/error-text.ts';
import type { RunHeader } from '../schema/run-header.ts';

/** What a reporter gets with the verdict. */
export interface Extras {
  readonly header: RunHeader;
  readonly kernelLog: KernelLines & { readonly unreadable?: string };
}

/** @throws Error where the history has no header */
export function extrasOf(history: History): Extras {
  const run = new Run(history);
  const { lines = [], unattributed = [], unreadable } = run.ofType('kernel-log').at(-1) ?? {};
  // Older histories have all lines in one list.
  const kernelLog = kernelLines([...lines, ...unattributed], run);
  return {
    header: run.header,
    kernelLog: { ...kernelLog, ...(unreadable !== undefined && { unreadable }) },
  };
}

/** Reports a run from its events and verdicts alone. Every hook is optional. */
export interface Reporter {
  /** Called for every event when it happens. */
  event?(event: HistoryEvent): void;
  /** Called with the newest line of the kernel's log about conntrack; the log is the whole machine's. */
  log?(line: string): void;
  /** Called after the symptom is judged, before remedies are tried. */
  symptom?(symptom: Verdict['symptom']): void;
  /** Called once, last. */
  end?(verdict: Verdict, extras: Extras): void | Promise<void>;
}

/** A reporter that may draw on a terminal. Other output there must go through it. */
export interface Talker extends Reporter {
  /** Prints a permanent line above the drawing. */
  talk(line: string): void;
}

export const noReporter: Reporter = {};

/**
 * Combines reporters. A failing one causes a warning and is skipped; the others continue.
 *
 * @param warn called with the failure in one line
 */
export function allOf(reporters: readonly Reporter[], warn: (line: string) => void): Required<Reporter> {
  const failed = new Set<Reporter>();
  const attempt = (hook: (reporter: Reporter) => void): void => {
    for (const reporter of reporters) {
      if (failed.has(reporter)) continue;
      try {
        hook(reporter);
      } catch (error) {
        failed.add(reporter);
        warn(messageOf(error));
      }
    }
  };
  return {
    event: (event) => {
      attempt((reporter) => reporter.event?.(event));
    },
    log: (line) => {
      attempt((reporter) => reporter.log?.(line));
    },
    symptom: (symptom) => {
      attempt((reporter) => reporter.symptom?.(symptom));
    },
    async end(verdict, extras) {
      for (const reporter of reporters) {
        try {
          await reporter.end?.(verdict, extras);
        } catch (error) {
          warn(messageOf(error));
        }
      }
    },
  };
}

import { Run } from '../history/run.ts';
import { kernelLines, type KernelLines } from '../judge/kernel-lines.ts';
import type { History, HistoryEvent, RunHeader } from '../schema/history.ts';
import type { Verdict } from '../schema/verdict.ts';

/** What a reporter is given with the verdict. */
export interface Extras {
  readonly header: RunHeader;
  readonly kernelLog: KernelLines & { readonly unreadable?: string };
}

/** @throws Error where the history has no header */
export function extrasOf(history: History): Extras {
  const run = new Run(history);
  const { lines = [], unattributed = [], unreadable } = run.ofType('kernel-log').at(-1) ?? {};
  // A history of before has all lines in one list.
  const kernelLog = kernelLines([...lines, ...unattributed], run);
  return {
    header: run.header,
    kernelLog: { ...kernelLog, ...(unreadable !== undefined && { unreadable }) },
  };
}

/** Tells somebody about a run. It reads events and verdicts, nothing else; every hook is optional. */
export interface Reporter {
  /** Called for every event, as it happens. */
  event?(event: HistoryEvent): void;
  /** Called once the symptom has been judged, before the remedies are tried. */
  symptom?(symptom: Verdict['symptom']): void;
  /** Called once, last. */
  end?(verdict: Verdict, extras: Extras): void | Promise<void>;
}

/** A reporter that may have something drawn on a terminal: what else is said there is said through it. */
export interface Talker extends Reporter {
  /** Says a line that stays, above what is drawn. */
  talk(line: string): void;
}

/** Reports to nobody. */
export const noReporter: Reporter = {};

/**
 * One reporter that is several. One that fails is warned of and does not keep the others from being told.
 *
 * @param warn told the failure in one line
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
